// @vitest-environment jsdom
import { join } from 'node:path';
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, expect, test, vi } from 'vitest';
import type * as Library from '../../src/index.ts';
import type * as Testing from '../../src/testing.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

const root = join(import.meta.dirname, '../..');

// Rollup has optimised away an assignment that it took for dead, which no test of the source can see.
test.each(['dist', 'dist/production'])(
  'in the build in %s, a kept connection and a new scope read as in the source',
  async (folder) => {
    vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
    const load = (name: string): Promise<unknown> =>
      import(/* @vite-ignore */ join(root, folder, name));
    const { useWebSocket } = (await load('index.js')) as typeof Library;
    const { createTestServer } = (await load('testing.js')) as typeof Testing;
    const server = createTestServer();
    const { url, ...options } = server.options;
    const kept: Library.Connection[] = [];
    const seen: unknown[] = [];

    function Owner({ user }: { user: string }) {
      const socket = useWebSocket(url, { ...options, scope: user });
      kept.push(socket.connection);
      seen.push([user, socket.status, socket.lastMessage]);
      return null;
    }
    const tree = createRoot(document.createElement('div'));
    for (const user of ['ada', 'bob']) {
      seen.length = 0;
      act(() => tree.render(<Owner user={user} />));
      expect(seen[0]).toEqual([user, 'connecting', null]);
      await server.connected();
      server.send(`news of ${user}`);
      expect(seen.at(-1)).toEqual([user, 'open', `news of ${user}`]);
      expect(kept[0]?.lastMessage).toBe(`news of ${user}`);
    }
    await act(async () => tree.unmount());
    await server.advance(1_000);
    expect(server.clients).toEqual([]);
  },
);
