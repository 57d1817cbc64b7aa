import { act, render, renderHook } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import {
  type Connection,
  createConnection,
  type EventHandler,
  useWebSocket,
  WebSocketProvider,
} from '../../src/index.ts';
import { Boundary } from '../support/react/boundary.tsx';
import { advance, serve, settle, setup, takeRenderErrors } from '../support/react/harness.ts';
import {
  ALL,
  CONNECTING,
  GivenReader,
  type OnRender,
  OwnReader,
  Reader,
  type Seen,
} from '../support/react/readers.tsx';

setup();

const IDLE: Seen = { ...CONNECTING, status: 'idle', readyState: 3 };

describe('a provider', () => {
  test('connects once for all components below it', async () => {
    const server = serve();
    const { container } = render(
      <WebSocketProvider url={server.url}>
        <Reader />
        <Reader read={['readyState']} />
        <Reader read={['lastMessage']} />
      </WebSocketProvider>,
    );
    expect(container.textContent).toBe('connecting0null');
    await settle();
    server.send('hello');

    expect(container.textContent).toBe('open1hello');
    expect(server.handshakes).toHaveLength(1);
  });

  test('is used by the components below it, the nearest one first', async () => {
    const server = serve();
    const { container } = render(
      <WebSocketProvider url={server.url}>
        <Reader />
        <WebSocketProvider url={null}>
          <Reader />
        </WebSocketProvider>
      </WebSocketProvider>,
    );
    await settle();
    expect(container.textContent).toBe('openidle');
  });

  test('sends what a child sends in its first effect, before the connection is open', async () => {
    const server = serve();
    const results: string[] = [];
    render(
      <WebSocketProvider url={server.url}>
        <Reader
          read={[]}
          onRender={(_seen, { send }) => {
            results.push(send('early'));
          }}
        />
      </WebSocketProvider>,
    );
    await settle();
    await settle();
    expect(results).toEqual(['queued']);
    expect(server.received).toEqual(['early']);
  });

  test('closes its link linger after it is unmounted', async () => {
    const server = serve();
    const { unmount } = render(<WebSocketProvider url={server.url} linger={500} />);
    await settle();
    unmount();
    await advance(400);
    expect(server.open).toBe(1);
    await advance(200);
    expect(server.open).toBe(0);
  });

  test('without a url is idle', async () => {
    const { container } = render(
      <WebSocketProvider>
        <Reader />
      </WebSocketProvider>,
    );
    await settle();
    expect(container.textContent).toBe('idle');
  });
});

describe('useWebSocket(url)', () => {
  test('has its own connection, even below a provider', async () => {
    const [shared, own] = [serve(), serve()];
    const { container } = render(
      <WebSocketProvider url={shared.url}>
        <OwnReader url={own.url} read={['status', 'lastMessage']} />
      </WebSocketProvider>,
    );
    await settle();
    shared.send('shared');
    own.send('own');
    expect(container.textContent).toBe('open own');
  });

  test('returns connecting in its first render, for every kind of url', () => {
    for (const url of ['ws://nowhere.test/', new URL('ws://nowhere.test/'), () => 'ws://x.test/']) {
      const onRender = vi.fn<OnRender>();
      render(<OwnReader url={url} read={ALL} onRender={onRender} />).unmount();
      expect(onRender.mock.calls[0]?.[0]).toEqual(CONNECTING);
    }
  });

  test('connects once its url function has answered', async () => {
    const server = serve();
    let resolve = (_url: string) => {};
    const promise = new Promise<string>((done) => (resolve = done));
    const { container } = render(<OwnReader url={() => promise} />);
    await settle();
    expect(container.textContent).toBe('connecting');
    resolve(`${server.url}?token=1`);
    await settle();
    expect(container.textContent).toBe('open');
  });

  test('is idle when its url function returns null', async () => {
    const { container } = render(<OwnReader url={() => null} />);
    await settle();
    expect(container.textContent).toBe('idle');
  });

  test('is idle when its url function returns null, even with a scope option', async () => {
    const { container } = render(<OwnReader url={() => null} scope="ada" />);
    await settle();
    expect(container.textContent).toBe('idle');
  });

  test('sends and receives', async () => {
    const server = serve();
    const { result } = renderHook(() => useWebSocket(server.url));
    expect(result.current.send('first')).toBe('queued');
    await settle();
    expect(result.current.send('second')).toBe('sent');
    await settle();
    expect(server.received).toEqual(['first', 'second']);
  });

  test('drops a message with queue: false while connecting', async () => {
    const server = serve();
    const { result } = renderHook(() => useWebSocket(server.url));
    expect(result.current.send('stale', { queue: false })).toBe('dropped');
    await settle();
    await settle();
    expect(server.received).toEqual([]);
  });

  test('uses the WebSocket class given as an option', async () => {
    const server = serve();
    const { WebSocket } = globalThis;
    vi.stubGlobal('WebSocket', undefined);
    const { container } = render(<OwnReader url={server.url} WebSocket={WebSocket} />);
    await settle();
    expect(container.textContent).toBe('open');
  });

  test('can be closed, opened and reconnected by the application', async () => {
    const server = serve();
    const { result } = renderHook(() => {
      const { status, cause, open, close, reconnect } = useWebSocket(server.url);
      return { status, cause, open, close, reconnect };
    });
    await settle();
    act(() => result.current.close(4000, 'enough'));
    expect(result.current.status).toBe('closing');
    await settle();
    expect(result.current).toMatchObject({ status: 'closed', cause: { kind: 'requested' } });
    act(() => result.current.open());
    expect(result.current.status).toBe('connecting');
    await settle();
    expect(result.current.status).toBe('open');
    act(() => result.current.reconnect());
    expect(result.current.status).toBe('reconnecting');
    await settle();
    expect(result.current).toMatchObject({ status: 'open', cause: null });
    expect(server.links).toHaveLength(3);
  });
});

describe('useWebSocket() without a connection', () => {
  test('throws an error that says what to do', () => {
    render(
      <Boundary>
        <Reader />
      </Boundary>,
    );
    expect(takeRenderErrors()).toEqual([
      'Error: useWebSocket() needs a <WebSocketProvider> above it, or a url.',
    ]);
  });
});

describe.each([
  ['a null url', { url: null }],
  ['an undefined url', { url: undefined }],
  ['enabled: false', { url: 'ws://nowhere.test/', enabled: false }],
  ['enabled: false and a function', { url: () => 'ws://nowhere.test/', enabled: false }],
])('%s', (_name, options) => {
  test('is idle from the first render on', async () => {
    const onRender = vi.fn<OnRender>();
    render(<OwnReader {...options} read={ALL} onRender={onRender} />);
    await settle();
    expect(onRender.mock.calls.map(([seen]) => seen)).toEqual([IDLE]);
  });

  test('is idle below a provider, and does not use its connection', async () => {
    const server = serve();
    const onRender = vi.fn<OnRender>();
    render(
      <WebSocketProvider url={server.url}>
        <OwnReader {...options} read={ALL} onRender={onRender} />
      </WebSocketProvider>,
    );
    await settle();
    server.send('not for you');
    expect(onRender.mock.calls.map(([seen]) => seen)).toEqual([IDLE]);
  });

  test('drops what is sent, and does not open', async () => {
    const { result } = renderHook(() => {
      const { enabled, url } = { enabled: true, ...options };
      const { status, send, open, reconnect } = useWebSocket(url, { enabled });
      return { status, send, open, reconnect };
    });
    await settle();
    expect(result.current.send('nobody')).toBe('dropped');
    act(() => result.current.open());
    act(() => result.current.reconnect());
    await settle();
    expect(result.current.status).toBe('idle');
  });
});

describe.each([
  ['enabled: false', { enabled: false }],
  ['url: null', { url: null }],
])('switching off with %s', (_name, off) => {
  test('closes the link at once, and shows idle in the same render', async () => {
    const server = serve();
    const renders: Seen[] = [];
    const onRender = (seen: Seen) => void renders.push(seen);
    const reader = <OwnReader url={server.url} read={ALL} onRender={onRender} />;
    const { rerender } = render(reader);
    await settle();
    server.send('secret');
    expect(renders.at(-1)).toMatchObject({ status: 'open', lastMessage: 'secret' });

    renders.length = 0;
    rerender(<OwnReader {...reader.props} {...off} />);
    await settle();
    expect(renders.filter(({ status }) => status !== 'idle')).toEqual([]);
    expect(renders[0]).toEqual(IDLE);
    expect(server.open).toBe(0);
  });

  test('shows idle to components below the provider', async () => {
    const server = serve();
    const renders: Seen[] = [];
    const reader = <Reader read={ALL} onRender={(seen) => void renders.push(seen)} />;
    const { rerender } = render(<WebSocketProvider url={server.url}>{reader}</WebSocketProvider>);
    await settle();
    server.send('secret');

    renders.length = 0;
    rerender(
      <WebSocketProvider url={server.url} {...off}>
        {reader}
      </WebSocketProvider>,
    );
    await settle();
    expect(renders[0]).toEqual(IDLE);
    expect(renders.at(-1)).toEqual(IDLE);
    expect(server.open).toBe(0);
  });

  test('empties the outbox with a drop event', async () => {
    const server = serve();
    const onDrop = vi.fn<EventHandler<'drop'>>();
    const sent: string[] = [];
    const reader = (
      <OwnReader
        url={server.url}
        onDrop={onDrop}
        onRender={(_seen, { send }) => void sent.push(send('mine'))}
      />
    );
    const { rerender } = render(reader);
    rerender(<OwnReader {...reader.props} {...off} onRender={undefined} />);
    expect(sent).toEqual(['queued']);
    expect(onDrop.mock.calls).toEqual([[['mine'], 'closed']]);

    rerender(<OwnReader {...reader.props} onRender={undefined} />);
    await settle();
    await settle();
    expect(server.received).toEqual([]);
    expect(server.open).toBe(1);
  });

  test('starts with no message and no reconnect when it gets its connection back', async () => {
    const server = serve();
    const onOpen = vi.fn<EventHandler<'open'>>();
    const renders: Seen[] = [];
    const reader = (
      <OwnReader
        url={server.url}
        onOpen={onOpen}
        read={ALL}
        onRender={(seen) => void renders.push(seen)}
      />
    );
    const { rerender } = render(reader);
    await settle();
    server.send('old');
    rerender(<OwnReader {...reader.props} {...off} />);
    await settle();

    renders.length = 0;
    rerender(reader);
    expect(renders[0]).toEqual(CONNECTING);
    await settle();
    expect(renders.at(-1)).toMatchObject({ status: 'open', lastMessage: null });
    expect(onOpen.mock.calls.map(([info]) => [info])).toEqual([
      [{ reconnected: false, downtime: 0 }],
      [{ reconnected: false, downtime: 0 }],
    ]);
  });
});

test('switching on a url function shows connecting in the same render', async () => {
  const server = serve();
  const onRender = vi.fn<OnRender>();
  const url = () => server.url;
  const { rerender } = render(<OwnReader url={url} enabled={false} onRender={onRender} />);
  await settle();
  onRender.mockClear();
  rerender(<OwnReader url={url} onRender={onRender} />);
  await settle();
  expect(onRender.mock.calls.map(([seen]) => seen.status)).toEqual(['connecting', 'open']);
});

describe('a wrong option', () => {
  test('throws a TypeError that an error boundary catches', () => {
    const { container } = render(
      <Boundary>
        <OwnReader url="ws://nowhere.test/" connectTimeout={-1} />
      </Boundary>,
    );
    const error = 'TypeError: connectTimeout must be a positive number, not -1.';
    expect(container.textContent).toBe(error);
    expect(takeRenderErrors()).toEqual([error]);
  });

  test('throws a TypeError in a provider', () => {
    render(
      <Boundary>
        {/* @ts-expect-error a wrong option on purpose */}
        <WebSocketProvider url="ws://nowhere.test/" heartbeat={{ interval: '25s' }} />
      </Boundary>,
    );
    expect(takeRenderErrors()).toEqual([
      'TypeError: heartbeat.interval must be a positive number, not string.',
    ]);
  });

  test('throws a TypeError in a later render', async () => {
    const server = serve();
    const { rerender } = render(
      <Boundary>
        <OwnReader url={server.url} />
      </Boundary>,
    );
    await settle();
    rerender(
      <Boundary>
        <OwnReader url={server.url} linger={Number.NaN} />
      </Boundary>,
    );
    expect(takeRenderErrors()).toEqual([
      'TypeError: linger must be a positive number or 0, not NaN.',
    ]);
    await advance(2_000);
    expect(server.open).toBe(0);
  });

  test('does not include a url that the constructor refuses, which leads to closed', async () => {
    const { result } = renderHook(() => {
      const { status, cause } = useWebSocket('ws://nowhere.test/#fragment');
      return { status, cause };
    });
    await settle();
    expect(result.current).toMatchObject({
      status: 'closed',
      cause: { kind: 'error', name: 'SyntaxError' },
    });
  });
});

describe('an option that is left out again', () => {
  test('has its default', async () => {
    const server = serve();
    const { rerender, unmount } = render(<OwnReader url={server.url} linger={60_000} />);
    await settle();
    rerender(<OwnReader url={server.url} />);
    unmount();
    await advance(1_100);
    expect(server.open).toBe(0);
  });
});

describe('switching the target', () => {
  test('from a url to a connection, to the provider and back works', async () => {
    const [own, given, shared] = [serve(), serve(), serve()];
    const connection = createConnection({ url: given.url, linger: 0 });
    const { result, rerender } = renderHook(
      ({ args }) => {
        const { status, lastMessage, send } = useWebSocket(...(args as []));
        return { status, lastMessage, send };
      },
      {
        initialProps: { args: [own.url, { linger: 0 }] as unknown[] },
        wrapper: ({ children }) => (
          <WebSocketProvider url={shared.url}>{children}</WebSocketProvider>
        ),
      },
    );
    await settle();
    own.send('own');
    expect(result.current).toMatchObject({ status: 'open', lastMessage: 'own' });

    rerender({ args: [connection] });
    expect(result.current).toMatchObject({ status: 'connecting', lastMessage: null });
    await settle();
    given.send('given');
    expect(result.current).toMatchObject({ status: 'open', lastMessage: 'given' });
    expect(own.open).toBe(0);

    shared.send('shared');
    rerender({ args: [] });
    expect(result.current).toMatchObject({ status: 'open', lastMessage: 'shared' });
    await settle();
    expect(given.open).toBe(0);

    rerender({ args: [own.url, { linger: 0 }] });
    await settle();
    expect(result.current.status).toBe('open');
    expect(own.open).toBe(1);
    expect([own, given, shared].map(({ links }) => links.length)).toEqual([2, 1, 1]);
  });

  test('to an open connection shows its state in the same render', async () => {
    const [own, given] = [serve(), serve()];
    const connection = createConnection({ url: given.url });
    connection.open();
    const renders: Seen[] = [];
    const { rerender } = renderHook(
      ({ target }) => {
        const { status, lastMessage } = useWebSocket(target as Connection);
        renders.push({ status, lastMessage });
      },
      { initialProps: { target: own.url as string | Connection } },
    );
    await settle();
    given.send('news');
    renders.length = 0;
    rerender({ target: connection });
    expect(renders[0]).toEqual({ status: 'open', lastMessage: 'news' });
    act(() => connection.close());
    await settle();
  });

  test('from a url to a connection and then another url shows no message of the first', async () => {
    const [first, given, second] = [serve(), serve(), serve()];
    const connection = createConnection({ url: given.url });
    const renders: unknown[] = [];
    const { rerender } = renderHook(
      ({ target }) => {
        const { status, lastMessage } = useWebSocket(target as Connection);
        renders.push([status, lastMessage]);
      },
      { initialProps: { target: first.url as string | Connection } },
    );
    await settle();
    first.send('secret');
    rerender({ target: connection });
    await settle();

    renders.length = 0;
    rerender({ target: second.url });
    expect(renders).not.toContainEqual(['open', 'secret']);
    expect(renders[0]).toEqual(['connecting', null]);
    await settle();
    expect(renders.at(-1)).toEqual(['open', null]);
    expect([first.open, second.open]).toEqual([0, 1]);
  });

  test('from a connection to another retains the new one and releases the old one', async () => {
    const [first, second] = [serve(), serve()];
    const a = createConnection({ url: first.url, linger: 0 });
    const b = createConnection({ url: second.url, linger: 0 });
    const { container, rerender } = render(<GivenReader connection={a} />);
    await settle();
    rerender(<GivenReader connection={b} />);
    await settle();
    expect(container.textContent).toBe('open');
    expect([first.open, second.open]).toEqual([0, 1]);
  });
});
