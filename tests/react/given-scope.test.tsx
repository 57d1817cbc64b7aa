import { act, render } from '@testing-library/react';
import { startTransition, StrictMode, Suspense } from 'react';
import { describe, expect, test } from 'vitest';
import type { Connection } from '../../src/index.ts';
import { lifeline } from '../../src/presence.ts';
import {
  Everything,
  Gated,
  NOTHING,
  OwnEverything,
  ParentOfGiven,
  ParentOfProvider,
  ProviderOfGiven,
  type Shown,
} from '../support/react/given.tsx';
import { advance, serve, settle, setup, type TestServer } from '../support/react/harness.ts';
import { createGate } from '../support/react/suspender.tsx';

setup();

const options = { heartbeat: lifeline(), topics: { of: () => 'topic' } };
const online = JSON.stringify({ lifeline: 'presence', online: ['ada'] });

const ofAda: Shown = {
  status: 'open',
  snapshot: 'open',
  lastMessage: 'secret of ada',
  latest: 'secret of ada',
  messages: ['secret of ada'],
  topic: 'secret of ada',
  online: ['ada'],
  isOnline: true,
};

/** Sends ada's message and presence. */
const sendSecrets = (server: TestServer) => server.send(online, 'secret of ada');

const owners = {
  'the component that made it': OwnEverything,
  'a child that was given it': ParentOfGiven,
  'a provider that was given it': ParentOfProvider,
  'a child of a provider, by giving it to the hooks': ProviderOfGiven,
};

describe.each(Object.entries(owners))('%s', (_name, Owner) => {
  test.each([
    ['scope', (server: TestServer, user: string) => ({ url: server.url, scope: user })],
    ['url', (server: TestServer, user: string) => ({ url: `${server.url}?user=${user}` })],
  ])(
    'shows connecting and nothing of the old user in the render with a new %s (fault 53)',
    async (_option, optionsOf) => {
      const server = serve();
      const seen: Shown[] = [];
      const view = (user: string) => (
        <StrictMode>
          <Owner
            {...options}
            {...optionsOf(server, user)}
            onRender={(shown) => void seen.push(shown)}
          />
        </StrictMode>
      );
      const { rerender } = render(view('ada'));
      await settle();
      sendSecrets(server);
      expect(seen.at(-1)).toEqual(ofAda);
      seen.length = 0;

      rerender(view('bob'));
      await settle();
      expect(seen[0]).toEqual(NOTHING);
      expect(JSON.stringify(seen)).not.toContain('ada');
      expect(seen.at(-1)).toEqual({ ...NOTHING, status: 'open', snapshot: 'open' });
      server.send('news of bob');
      expect(seen.at(-1)).toMatchObject({ lastMessage: 'news of bob', messages: ['news of bob'] });
    },
  );

  test('goes on showing the old user while a transition to another one is suspended (fault 53)', async () => {
    const server = serve();
    const seen: Shown[] = [];
    const gate = createGate();
    const view = (user: string, promise: Promise<void> | null) => (
      <Suspense fallback="suspended">
        <Owner
          {...options}
          url={server.url}
          scope={user}
          onRender={(shown) => void seen.push(shown)}
        />
        <Gated gate={promise} />
      </Suspense>
    );
    const { rerender } = render(view('ada', null));
    await settle();
    sendSecrets(server);

    act(() => startTransition(() => rerender(view('bob', gate.promise))));
    server.send('more of ada');
    await settle();
    expect(seen.at(-1)).toMatchObject({ status: 'open', lastMessage: 'more of ada' });
    expect(server.handshakes).toHaveLength(1);

    seen.length = 0;
    gate.open();
    rerender(view('bob', null));
    await settle();
    expect(seen[0]).toEqual(NOTHING);
    expect(seen.at(-1)?.status).toBe('open');
    expect(server.handshakes).toHaveLength(2);
  });
});

test('a connection that was kept from an older scope shows what the present one has (fault 53)', async () => {
  const server = serve();
  const kept: Connection[] = [];
  const seen: Shown[] = [];
  const view = (user: string) => (
    <>
      <OwnEverything
        {...options}
        url={server.url}
        scope={user}
        onRender={(_shown, connection) => void kept.push(connection)}
      />
      {kept[0] && <Everything connection={kept[0]} onRender={(shown) => void seen.push(shown)} />}
    </>
  );
  const { rerender } = render(view('ada'));
  await settle();
  for (const user of ['bob', 'cleo', 'ada', 'dora']) {
    rerender(view(user));
    await settle();
    server.send(`news of ${user}`);
    await advance(300);
    expect(seen.at(-1)).toMatchObject({ status: 'open', lastMessage: `news of ${user}` });
  }
  seen.length = 0;
  rerender(view('dora'));
  expect(seen.map(({ snapshot, latest }) => [snapshot, latest])).toEqual([
    ['open', 'news of dora'],
  ]);
  expect(kept[0]?.scope).toBe('dora');
  expect(new Set(kept.map(({ send }) => send)).size).toBe(1);
});

test('a scope that changes twice before an effect leaves no view of the first that stays empty (fault 53)', async () => {
  const server = serve();
  const kept = new Map<string, Connection>();
  const view = (user: string) => (
    <OwnEverything
      {...options}
      url={server.url}
      scope={user}
      onRender={(_shown, connection) => void kept.set(connection.scope ?? '', connection)}
    />
  );
  const { rerender } = render(view('ada'));
  await settle();
  act(() => {
    rerender(view('bob'));
    rerender(view('cleo'));
  });
  await settle();
  for (const connection of kept.values()) expect(connection.getSnapshot().status).toBe('open');
  expect(server.open).toBe(1);
});
