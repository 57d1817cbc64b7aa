import { render } from '@testing-library/react';
import { StrictMode } from 'react';
import { describe, expect, test, vi } from 'vitest';
import {
  type EventHandler,
  type UseWebSocketResult,
  WebSocketProvider,
  type WebSocketProviderProps,
} from '../../src/index.ts';
import { Greeter } from '../support/react/children.tsx';
import { advance, serve, settle, setup } from '../support/react/harness.ts';
import { EventListener, Listener } from '../support/react/listeners.tsx';
import { ALL, CONNECTING, OwnReader, Reader, type Seen } from '../support/react/readers.tsx';

setup();

type Props = Pick<WebSocketProviderProps, 'children'> &
  Extract<WebSocketProviderProps, { connection?: undefined }>;

describe.each([
  ['a changed url', (url: string) => ({ url }), (url: string) => ({ url: `${url}?room=2` })],
  [
    'a changed scope',
    (url: string) => ({ url, scope: 'ada' }),
    (url: string) => ({ url, scope: 'bob' }),
  ],
  [
    'a changed scope of a url function',
    (url: string) => ({ url: () => url, scope: 'ada' }),
    (url: string) => ({ url: () => url, scope: 'bob' }),
  ],
])('%s', (_name, before, after) => {
  test('shows connecting and no message in the same render, to its own component and to those below', async () => {
    const server = serve();
    const seen: Record<'own' | 'below', Seen[]> = { own: [], below: [] };
    const below = <Reader read={ALL} onRender={(fields) => void seen.below.push(fields)} />;
    const view = (options: Props) => (
      <>
        <OwnReader {...options} read={ALL} onRender={(fields) => void seen.own.push(fields)} />
        <WebSocketProvider {...options}>{below}</WebSocketProvider>
      </>
    );
    const { rerender } = render(view(before(server.url)));
    await settle();
    server.send('secret of ada');
    for (const renders of Object.values(seen))
      expect(renders.splice(0).at(-1)).toMatchObject({
        status: 'open',
        lastMessage: 'secret of ada',
      });

    rerender(view(after(server.url)));
    await settle();
    for (const renders of Object.values(seen)) {
      expect(renders[0]).toEqual(CONNECTING);
      expect(renders.at(-1)).toEqual({ ...CONNECTING, status: 'open', readyState: 1 });
      expect(renders.map(({ status }) => status)).not.toContain('reconnecting');
      expect(renders.map(({ lastMessage }) => lastMessage)).not.toContain('secret of ada');
    }
    expect(server.links).toHaveLength(4);
    expect(server.open).toBe(2);
  });

  test('shows connecting and no failure after a failed attempt', async () => {
    const server = serve();
    server.stop();
    const seen: Seen[] = [];
    const view = (options: Props) => (
      <OwnReader {...options} read={ALL} onRender={(fields) => void seen.push(fields)} />
    );
    const { rerender } = render(view(before(server.url)));
    await settle();
    expect(seen.at(-1)).toMatchObject({ status: 'reconnecting', attempt: 1 });
    seen.length = 0;
    server.start();
    rerender(view(after(server.url)));
    await settle();
    expect(seen[0]).toEqual(CONNECTING);
    expect(seen.at(-1)).toMatchObject({ status: 'open', attempt: 0 });
  });

  test('empties the outbox with a drop event', async () => {
    const server = serve();
    const onDrop = vi.fn<EventHandler<'drop'>>();
    const listened = vi.fn<EventHandler<'drop'>>();
    const sockets: UseWebSocketResult[] = [];
    const reader = (
      <>
        <Reader read={[]} onRender={(_seen, socket) => void sockets.push(socket)} />
        <EventListener type="drop" handler={listened} />
      </>
    );
    const view = (options: Props) => (
      <WebSocketProvider {...options} onDrop={onDrop}>
        {reader}
      </WebSocketProvider>
    );
    const { rerender } = render(view(before(server.url)));
    expect(sockets[0]?.send('from ada')).toBe('queued');
    rerender(view(after(server.url)));
    expect(sockets[0]?.send('from bob')).toBe('queued');
    await settle();
    await settle();
    expect(server.received).toEqual(['from bob']);
    expect(onDrop.mock.calls).toEqual([[['from ada'], 'scope']]);
    expect(listened.mock.calls).toEqual(onDrop.mock.calls);
  });

  test('causes an open event that is no reconnect', async () => {
    const server = serve();
    const onOpen = vi.fn<EventHandler<'open'>>();
    const view = (options: Props) => <OwnReader {...options} onOpen={onOpen} />;
    const { rerender } = render(view(before(server.url)));
    await settle();
    rerender(view(after(server.url)));
    await settle();
    expect(onOpen.mock.calls.map(([info]) => [info])).toEqual([
      [{ reconnected: false, downtime: 0 }],
      [{ reconnected: false, downtime: 0 }],
    ]);
  });

  test('makes one more handshake, also in StrictMode', async () => {
    const server = serve();
    const view = (options: Props) => (
      <StrictMode>
        <WebSocketProvider {...options}>
          <Reader />
        </WebSocketProvider>
      </StrictMode>
    );
    const { rerender } = render(view(before(server.url)));
    await settle();
    rerender(view(after(server.url)));
    await advance(5_000);
    expect(server.handshakes).toHaveLength(2);
    expect(server.open).toBe(1);
  });
});

test('a message that a child sends in an effect of the render with a new url goes to the new scope', async () => {
  const [first, second] = [serve(), serve()];
  const onDrop = vi.fn<EventHandler<'drop'>>();
  const view = (url: string) => (
    <WebSocketProvider url={url} onDrop={onDrop}>
      <Greeter text={`hello ${url}`} />
    </WebSocketProvider>
  );
  const { rerender } = render(view(first.url));
  await settle();
  await settle();
  rerender(view(second.url));
  await settle();
  await settle();
  expect(first.received).toEqual([`hello ${first.url}`]);
  expect(second.received).toEqual([`hello ${second.url}`]);
  expect(onDrop).not.toHaveBeenCalled();
});

test('messages of the old scope reach no handler after the url has changed', async () => {
  const [first, second] = [serve(), serve()];
  const handler = vi.fn<EventHandler<'message'>>();
  const view = (url: string) => (
    <WebSocketProvider url={url}>
      <Listener onMessage={handler} />
    </WebSocketProvider>
  );
  const { rerender } = render(view(first.url));
  await settle();
  rerender(view(second.url));
  first.send('old');
  await settle();
  second.send('new');
  expect(handler.mock.calls).toEqual([['new']]);
});

test('only the last url connects when it changes while connecting (fault 9)', async () => {
  const servers = [serve(), serve(), serve()];
  const [first, second, third] = servers.map(({ url }) => url);
  const { container, rerender } = render(<OwnReader url={first} />);
  await advance(2);
  rerender(<OwnReader url={second} />);
  await advance(2);
  rerender(<OwnReader url={third} />);
  await advance(60_000);
  expect(container.textContent).toBe('open');
  expect(servers.map(({ links }) => links.length)).toEqual([0, 0, 1]);
});

describe('a url with a new token under the same scope option', () => {
  test('replaces the link, and keeps the last message and the outbox', async () => {
    const server = serve();
    const onDrop = vi.fn<EventHandler<'drop'>>();
    const onOpen = vi.fn<EventHandler<'open'>>();
    const sockets: UseWebSocketResult[] = [];
    const view = (token: number) => (
      <OwnReader
        url={`${server.url}?token=${token}`}
        scope="ada"
        onDrop={onDrop}
        onOpen={onOpen}
        read={['status', 'lastMessage']}
        onRender={(_seen, socket) => void sockets.push(socket)}
      />
    );
    const { container, rerender } = render(view(1));
    await settle();
    server.send('kept');
    rerender(view(2));
    expect(container.textContent).toBe('reconnecting kept');
    expect(sockets[0]?.send('waits')).toBe('queued');
    await settle();
    expect(container.textContent).toBe('open kept');
    await settle();
    expect(server.received).toEqual(['waits']);
    expect(server.handshakes).toEqual([`${server.url}?token=1`, `${server.url}?token=2`]);
    expect(onDrop).not.toHaveBeenCalled();
    expect(onOpen.mock.calls.map(([{ reconnected }]) => reconnected)).toEqual([false, true]);
  });
});

describe('the link is kept', () => {
  test('with a new url function in every render', async () => {
    const server = serve();
    const view = () => <OwnReader url={() => server.url} protocols={() => ['a']} />;
    const { container, rerender } = render(view());
    await settle();
    rerender(view());
    rerender(view());
    await settle();
    expect(container.textContent).toBe('open');
    expect(server.handshakes).toHaveLength(1);
  });

  test('with an equal URL object, or the same url as a string', async () => {
    const server = serve();
    const { container, rerender } = render(<OwnReader url={new URL(server.url)} />);
    await settle();
    rerender(<OwnReader url={new URL(server.url)} />);
    await settle();
    rerender(<OwnReader url={server.url} />);
    await settle();
    expect(container.textContent).toBe('open');
    expect(server.handshakes).toHaveLength(1);
  });
});

describe('a url function', () => {
  test('is called for every attempt, and the last message is kept while origin and path stay the same', async () => {
    const server = serve();
    let token = 0;
    const onDrop = vi.fn<EventHandler<'drop'>>();
    const { container } = render(
      <OwnReader
        url={() => `${server.url}?token=${++token}`}
        onDrop={onDrop}
        reconnect={{ shouldReconnect: () => 100 }}
        read={['status', 'lastMessage']}
      />,
    );
    await settle();
    server.send('kept');
    await server.drop(1006);
    await advance(200);
    expect(container.textContent).toBe('open kept');
    expect(server.handshakes).toEqual([`${server.url}?token=1`, `${server.url}?token=2`]);
    expect(onDrop).not.toHaveBeenCalled();
  });

  test('that returns another path resets the last message', async () => {
    const [first, second] = [serve(), serve()];
    let { url } = first;
    const { container } = render(
      <OwnReader
        url={() => url}
        reconnect={{ shouldReconnect: () => 100 }}
        read={['status', 'lastMessage']}
      />,
    );
    await settle();
    first.send('old');
    ({ url } = second);
    await first.drop(1006);
    await advance(200);
    expect(container.textContent).toBe('open null');
  });

  test('is that of the latest render when it is called', async () => {
    const server = serve();
    const view = (token: number) => (
      <OwnReader
        url={() => `${server.url}?token=${token}`}
        reconnect={{ shouldReconnect: () => 100 }}
      />
    );
    const { rerender } = render(view(1));
    await settle();
    rerender(view(2));
    await server.drop(1006);
    await advance(200);
    expect(server.handshakes).toEqual([`${server.url}?token=1`, `${server.url}?token=2`]);
  });
});
