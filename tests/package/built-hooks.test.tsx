// @vitest-environment jsdom
import { join } from 'node:path';
import { Server, WebSocket } from 'mock-socket';
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, expect, test, vi } from 'vitest';
import type * as Library from '../../src/index.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const root = join(import.meta.dirname, '../..');

// Rollup has optimised away an assignment that it took for dead, which no test of the source can see.
test.each(['dist', 'dist/production'])(
  'in the build in %s, a kept connection and a new scope read as in the source',
  async (folder) => {
    vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
    const { useWebSocket } = (await import(
      /* @vite-ignore */ join(root, folder, 'index.js')
    )) as typeof Library;
    vi.useFakeTimers();
    const url = `ws://${folder.replace('/', '-')}.test/`;
    const server = new Server(url, { mock: false });
    const settle = () => act(() => vi.advanceTimersByTimeAsync(300));
    const kept: Library.Connection[] = [];
    const seen: unknown[] = [];

    function Owner({ user }: { user: string }) {
      const socket = useWebSocket(url, { scope: user, WebSocket });
      kept.push(socket.connection);
      seen.push([user, socket.status, socket.lastMessage]);
      return null;
    }
    const tree = createRoot(document.createElement('div'));
    for (const user of ['ada', 'bob']) {
      seen.length = 0;
      act(() => tree.render(<Owner user={user} />));
      expect(seen[0]).toEqual([user, 'connecting', null]);
      await settle();
      act(() => server.emit('message', `news of ${user}`));
      await settle();
      expect(seen.at(-1)).toEqual([user, 'open', `news of ${user}`]);
      expect(kept[0]?.lastMessage).toBe(`news of ${user}`);
    }
    await act(async () => tree.unmount());
    await settle();
    expect(server.clients()).toEqual([]);
    server.stop();
  },
);
