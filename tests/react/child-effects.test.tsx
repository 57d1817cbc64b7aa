import { render } from '@testing-library/react';
import { Activity, StrictMode } from 'react';
import { describe, expect, test, vi } from 'vitest';
import {
  type EventHandler,
  type Frame,
  type OutFrame,
  WebSocketProvider,
} from '../../src/index.ts';
import { createOwnConnection, viewOf } from '../../src/react/own-connection.ts';
import { lifeline } from '../../src/presence.ts';
import { Boundary } from '../support/react/boundary.tsx';
import {
  type Act,
  EffectActor,
  OwnActor,
  ProviderOfEffectActor,
  ProviderOfLayoutActor,
  Watcher,
} from '../support/react/effects.tsx';
import { advance, serve, settle, setup, takeRenderErrors } from '../support/react/harness.ts';
import { EventListener } from '../support/react/listeners.tsx';
import { OwnReader } from '../support/react/readers.tsx';

setup();

const acts: Record<string, Act> = {
  'sends with send()': ({ send }, user) => void send(`for ${user}`),
  'sends with connection.send()': ({ connection }, user) => void connection.send(`for ${user}`),
  'reconnects and sends': ({ reconnect, send }, user) => {
    reconnect();
    send(`for ${user}`);
  },
  'holds the connection and sends': ({ connection, send }, user) => {
    connection.retain()();
    send(`for ${user}`);
  },
};

const actors = {
  'a layout effect of a child': ProviderOfLayoutActor,
  'an effect of a child': ProviderOfEffectActor,
  'a layout effect of the component itself': OwnActor,
};

describe.each(Object.entries(actors))('%s', (_where, Actor) => {
  test.each(Object.entries(acts))(
    'that %s as the scope changes reaches the new link, and the old one never (fault 54)',
    async (_what, doIt) => {
      const [first, second] = [serve(), serve()];
      const onDrop = vi.fn<EventHandler<'drop'>>();
      const view = (user: string, url: string) => (
        <Actor user={user} url={url} act={doIt} onDrop={onDrop} />
      );
      const { rerender } = render(view('ada', first.url));
      await settle();
      await settle();
      rerender(view('bob', second.url));
      await settle();
      await settle();
      expect(first.received).toEqual(['for ada']);
      expect(second.received).toContain('for bob');
      expect(second.received).not.toContain('for ada');
      expect([first.open, second.open]).toEqual([0, 1]);
      expect(onDrop).not.toHaveBeenCalled();
    },
  );

  test('reads nothing of the old user as the scope changes (fault 54)', async () => {
    const server = serve();
    const read: unknown[] = [];
    const look: Act = ({ connection }, user) => {
      const { scope, lastMessage, socket } = connection;
      read.push([user, connection.getSnapshot().status, scope, lastMessage, socket?.readyState]);
    };
    const view = (user: string) => <Actor user={user} url={server.url} act={look} />;
    const { rerender } = render(view('ada'));
    await settle();
    server.send('secret of ada');
    read.length = 0;
    rerender(view('bob'));
    expect(read[0]).toEqual(['bob', 'connecting', 'bob', null, undefined]);
  });
});

test('staged options are in force before another task, such as a message, also before any effect (fault 54)', async () => {
  const [first, second] = [serve(), serve()];
  const own = createOwnConnection<Frame, OutFrame>({ url: first.url });
  const connection = own.createView(first.url);
  const release = connection.retain();
  await settle();
  const changed = vi.fn<() => void>();
  connection.subscribe(changed);
  viewOf(connection)?.stage({ url: second.url });
  // React allows no state update while it commits.
  expect(changed).not.toHaveBeenCalled();
  await Promise.resolve();
  expect(changed).toHaveBeenCalled();
  expect(connection.scope).toBe(second.url);
  await settle();
  expect([first.open, second.open]).toEqual([0, 1]);
  release();
  await settle();
  expect(second.open).toBe(0);
});

test('usePresence() asks the server of the new scope, with the heartbeat of the same render (fault 54)', async () => {
  const [first, second] = [serve(), serve()];
  const heartbeat = lifeline();
  const { rerender } = render(<WebSocketProvider url={first.url} />);
  await settle();
  rerender(
    <WebSocketProvider url={second.url} heartbeat={heartbeat}>
      <Watcher />
    </WebSocketProvider>,
  );
  await settle();
  await settle();
  expect(first.received).toEqual([]);
  expect(second.received).toContain('{"lifeline":"watch"}');
});

test('a handler of a child hears of what is dropped as another child sends in the new scope', async () => {
  const server = serve();
  server.stop();
  const heard = vi.fn<EventHandler<'drop'>>();
  const send: Act = (socket, user) => void socket.send(`for ${user}`);
  const view = (user: string) => (
    <WebSocketProvider url={server.url} scope={user}>
      <EffectActor user={user} act={send} />
      <EventListener type="drop" handler={heard} />
    </WebSocketProvider>
  );
  const { rerender } = render(view('ada'));
  await settle();
  rerender(view('bob'));
  expect(heard.mock.calls).toEqual([[['for ada'], 'scope']]);
});

test('a wrong option is thrown by the render that has it, whoever uses the connection next', async () => {
  const server = serve();
  const send: Act = (socket, user) => void socket.send(`for ${user}`);
  const view = (user: string, linger: number) => (
    <Boundary>
      <StrictMode>
        <ProviderOfLayoutActor user={user} url={server.url} linger={linger} act={send} />
      </StrictMode>
    </Boundary>
  );
  const { rerender } = render(view('ada', 1));
  await settle();
  await settle();
  rerender(view('bob', -1));
  expect(takeRenderErrors()).toEqual(['TypeError: linger must be a positive number or 0, not -1.']);
  await settle();
  expect(new Set(server.received)).toEqual(new Set(['for ada']));
});

describe.runIf(Activity)('a hidden component that renders again', () => {
  test('gets no handler back, and dials nowhere, until it is shown', async () => {
    const [first, second] = [serve(), serve()];
    const heard = vi.fn<(message: unknown) => void>();
    const view = (mode: 'visible' | 'hidden', url: string) => (
      <Activity mode={mode}>
        <OwnReader url={url} linger={60_000} onMessage={(message) => heard(message)} />
      </Activity>
    );
    const { rerender } = render(view('visible', first.url));
    await settle();
    rerender(view('hidden', first.url));
    for (const url of [first.url, second.url, second.url]) {
      rerender(view('hidden', url));
      await advance(1_000);
      first.send('hidden');
    }
    expect(heard).not.toHaveBeenCalled();
    expect(second.handshakes).toEqual([]);
    rerender(view('visible', second.url));
    await settle();
    second.send('shown');
    expect(heard.mock.calls).toEqual([['shown']]);
    expect([first.open, second.open]).toEqual([0, 1]);
  });

  test('opens no link of the old scope for a child that holds it in a layout effect (fault 54)', async () => {
    const [first, second] = [serve(), serve()];
    const hold: Act = (socket) => void socket.connection.retain();
    const view = (mode: 'visible' | 'hidden', user: string, url: string) => (
      <Activity mode={mode}>
        <ProviderOfLayoutActor user={user} url={url} act={hold} />
      </Activity>
    );
    const { rerender } = render(view('hidden', 'ada', first.url));
    await settle();
    rerender(view('visible', 'bob', second.url));
    await settle();
    expect(first.handshakes).toEqual([]);
    expect(second.handshakes).toHaveLength(1);
  });

  test('sends in a layout effect on the new link, when it is shown with a new scope (fault 54)', async () => {
    const [first, second] = [serve(), serve()];
    const send: Act = (socket, user) => void socket.send(`for ${user}`);
    const view = (mode: 'visible' | 'hidden', user: string, url: string) => (
      <Activity mode={mode}>
        <ProviderOfLayoutActor user={user} url={url} linger={60_000} act={send} />
      </Activity>
    );
    const { rerender } = render(view('visible', 'ada', first.url));
    await settle();
    await settle();
    rerender(view('hidden', 'ada', first.url));
    await settle();
    rerender(view('hidden', 'bob', second.url));
    await settle();
    rerender(view('visible', 'bob', second.url));
    await settle();
    await settle();
    expect(first.received).toEqual(['for ada']);
    expect(second.received).toEqual(['for bob']);
  });
});
