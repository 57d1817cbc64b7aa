import { render } from '@testing-library/react';
import { StrictMode } from 'react';
import { describe, expect, test, vi } from 'vitest';
import {
  type Connection,
  createConnection,
  type EventHandler,
  type Frame,
  WebSocketProvider,
} from '../../src/index.ts';
import { Boundary } from '../support/react/boundary.tsx';
import { advance, serve, settle, setup, takeRenderErrors } from '../support/react/harness.ts';
import { EventListener, Listener } from '../support/react/listeners.tsx';
import { OwnReader, Reader } from '../support/react/readers.tsx';
import { takeReports } from '../support/reports.ts';

setup();

const message = () => vi.fn<EventHandler<'message'>>();
const heard = (handler: ReturnType<typeof message>) => handler.mock.calls.map(([frame]) => frame);

describe('useMessage', () => {
  test('calls the handler for every message in order, also for equal ones', async () => {
    const server = serve();
    const handler = message();
    render(
      <WebSocketProvider url={server.url}>
        <Listener onMessage={handler} />
      </WebSocketProvider>,
    );
    await settle();
    server.send('a', 'b', 'b', 'c');
    expect(heard(handler)).toEqual(['a', 'b', 'b', 'c']);
  });

  test('calls the handler for a message that the server sends as soon as the link opens', async () => {
    const server = serve();
    const handler = message();
    server.onLink = (link) => link.send('welcome');
    render(
      <WebSocketProvider url={server.url}>
        <Listener onMessage={handler} />
      </WebSocketProvider>,
    );
    await settle();
    expect(heard(handler)).toEqual(['welcome']);
  });

  test('calls the handler of the latest render, and keeps the order of handlers', async () => {
    const server = serve();
    const calls: unknown[] = [];
    const view = (name: string) => (
      <WebSocketProvider url={server.url}>
        <Listener onMessage={(frame) => void calls.push([name, frame])} />
        <Listener onMessage={(frame) => void calls.push(['other', frame])} />
      </WebSocketProvider>
    );
    const { rerender } = render(view('first'));
    await settle();
    server.send('a');
    rerender(view('second'));
    server.send('b');
    expect(calls).toEqual([
      ['first', 'a'],
      ['other', 'a'],
      ['second', 'b'],
      ['other', 'b'],
    ]);
  });

  test('reports a handler that throws, and calls the others (fault 42)', async () => {
    const server = serve();
    const handler = message();
    const fault = new Error('a fault of the app');
    const { container } = render(
      <WebSocketProvider url={server.url}>
        <Listener
          onMessage={() => {
            throw fault;
          }}
        />
        <Listener onMessage={handler} />
        <Reader read={['status', 'lastMessage']} />
      </WebSocketProvider>,
    );
    await settle();
    server.send('a', 'b');
    expect(heard(handler)).toEqual(['a', 'b']);
    expect(takeReports()).toEqual([fault, fault]);
    await advance(300);
    expect(container.textContent).toBe('open b');
  });

  test('does not call the handler after unmount', async () => {
    const server = serve();
    const handler = message();
    const view = (listening: boolean) => (
      <WebSocketProvider url={server.url}>
        {listening && <Listener onMessage={handler} />}
      </WebSocketProvider>
    );
    const { rerender } = render(view(true));
    await settle();
    server.send('a');
    rerender(view(false));
    server.send('b');
    expect(heard(handler)).toEqual(['a']);
  });

  test('calls the handler once a message in StrictMode', async () => {
    const server = serve();
    const handler = message();
    render(
      <StrictMode>
        <WebSocketProvider url={server.url}>
          <Listener onMessage={handler} />
        </WebSocketProvider>
      </StrictMode>,
    );
    await settle();
    server.send('once');
    expect(heard(handler)).toEqual(['once']);
  });

  test('listens to a given connection, with or without a provider, also when it changes', async () => {
    const [shared, first, second] = [serve(), serve(), serve()];
    const connect = (url: string) => {
      const connection = createConnection({ url });
      connection.open();
      return connection;
    };
    const [a, b] = [connect(first.url), connect(second.url)];
    const handler = message();
    const alone = message();
    const view = (connection: Connection | undefined) => (
      <>
        <Listener connection={a} onMessage={alone} />
        <WebSocketProvider url={shared.url}>
          <Listener connection={connection} onMessage={handler} />
        </WebSocketProvider>
      </>
    );
    const sendAll = (text: string) => {
      for (const server of [shared, first, second]) server.send(`${text} of ${server.name}`);
    };

    const { rerender } = render(view(a));
    await settle();
    sendAll('1');
    rerender(view(b));
    sendAll('2');
    rerender(view(undefined));
    sendAll('3');
    expect(heard(handler)).toEqual([
      `1 of ${first.name}`,
      `2 of ${second.name}`,
      `3 of ${shared.name}`,
    ]);
    expect(heard(alone)).toHaveLength(3);
    a.close();
    b.close();
    await settle();
  });

  test('does not open the connection that it listens to', async () => {
    const server = serve();
    const connection = createConnection({ url: server.url });
    render(<Listener connection={connection} onMessage={message()} />);
    await settle();
    expect(server.handshakes).toEqual([]);
  });

  test('throws an error that says what to do without a connection', () => {
    render(
      <Boundary>
        <Listener onMessage={message()} />
      </Boundary>,
    );
    expect(takeRenderErrors()).toEqual([
      'Error: useMessage() needs a <WebSocketProvider> above it, or a connection.',
    ]);
  });
});

describe('useWebSocketEvent', () => {
  test('calls the handler for every event of its type', async () => {
    const server = serve();
    const log: unknown[] = [];
    const sockets: { send(text: string): void }[] = [];
    const note =
      (type: string) =>
      (...args: unknown[]) =>
        void log.push([type, ...args]);
    render(
      <WebSocketProvider
        url={server.url}
        outbox={{ maxMessages: 1 }}
        codec={{
          encode: (text) => text,
          decode(frame) {
            if (frame === 'unreadable') throw new SyntaxError('no');
            return frame;
          },
        }}
        reconnect={{ shouldReconnect: () => 500 }}
      >
        <EventListener type="open" handler={note('open')} />
        <EventListener type="message" handler={note('message')} />
        <EventListener type="close" handler={note('close')} />
        <EventListener type="error" handler={note('error')} />
        <EventListener type="flush" handler={note('flush')} />
        <EventListener type="drop" handler={note('drop')} />
        <Reader read={[]} onRender={(_seen, socket) => void sockets.push(socket)} />
      </WebSocketProvider>,
    );
    sockets[0]?.send('one');
    sockets[0]?.send('two');
    expect(log.splice(0)).toEqual([['drop', ['one'], 'overflow']]);
    await settle();
    expect(log.splice(0)).toEqual([
      ['open', { reconnected: false, downtime: 0 }],
      ['flush', ['two']],
    ]);
    server.send('hello', 'unreadable');
    expect(log.splice(0)).toEqual([
      ['message', 'hello'],
      ['error', expect.objectContaining({ name: 'DecodeError', frame: 'unreadable' })],
    ]);
    await server.drop(1011, 'oops');
    expect(log.splice(0)).toEqual([
      ['close', { kind: 'close', code: 1011, reason: 'oops', wasClean: true }, false],
    ]);
    await advance(1_000);
    expect(log).toEqual([['open', { reconnected: true, downtime: expect.any(Number) as number }]]);
  });

  test('listens to another event when its type changes', async () => {
    const server = serve();
    const handler = vi.fn<() => void>();
    const view = (type: 'message' | 'close') => (
      <WebSocketProvider url={server.url}>
        <EventListener type={type} handler={handler} />
      </WebSocketProvider>
    );
    const { rerender } = render(view('message'));
    await settle();
    server.send('a');
    expect(handler).toHaveBeenCalledTimes(1);
    rerender(view('close'));
    server.send('b');
    expect(handler).toHaveBeenCalledTimes(1);
    await server.drop(1006);
    expect(handler).toHaveBeenCalledTimes(2);
  });

  test('puts what an open handler sends before the outbox, also on a new link', async () => {
    const server = serve();
    const sockets: { send(text: string): void }[] = [];
    render(
      <WebSocketProvider url={server.url} reconnect={{ shouldReconnect: () => 100 }}>
        <Reader read={[]} onRender={(_seen, socket) => void sockets.push(socket)} />
        <EventListener type="open" handler={() => sockets[0]?.send('login')} />
      </WebSocketProvider>,
    );
    sockets[0]?.send('early');
    await settle();
    await server.drop(1006);
    sockets[0]?.send('late');
    await advance(200);
    expect(server.received).toEqual(['login', 'early', 'login', 'late']);
  });
});

describe('handlers in the options', () => {
  test('are always those of the latest render', async () => {
    const server = serve();
    const calls: [string, Frame][] = [];
    const view = (name: string) => (
      <>
        <OwnReader
          url={server.url}
          onMessage={(frame) => void calls.push([`own ${name}`, frame])}
        />
        <WebSocketProvider
          url={server.url}
          onMessage={(frame) => void calls.push([`provider ${name}`, frame])}
        />
      </>
    );
    const { rerender } = render(view('1'));
    await settle();
    server.send('a');
    rerender(view('2'));
    server.send('b');
    rerender(
      <>
        <OwnReader url={server.url} />
        <WebSocketProvider url={server.url} />
      </>,
    );
    server.send('c');
    expect(calls.toSorted(([a], [b]) => a.localeCompare(b))).toEqual([
      ['own 1', 'a'],
      ['own 2', 'b'],
      ['provider 1', 'a'],
      ['provider 2', 'b'],
    ]);
    expect(server.links).toHaveLength(2);
  });

  test('are not called after unmount, neither during linger nor when the link ends', async () => {
    const server = serve();
    const handler = vi.fn<() => void>();
    const handlers = { onMessage: handler, onClose: handler, onOpen: handler };
    const { unmount } = render(
      <>
        <OwnReader url={server.url} {...handlers} />
        <WebSocketProvider url={server.url} {...handlers} />
      </>,
    );
    await settle();
    expect(handler).toHaveBeenCalledTimes(2);
    unmount();
    server.send('too late');
    await advance(2_000);
    expect(server.open).toBe(0);
    expect(handler).toHaveBeenCalledTimes(2);
  });

  test('handlers are called exactly once for each event in StrictMode', async () => {
    const server = serve();
    const onOpen = vi.fn<EventHandler<'open'>>();
    const onMessage = message();
    render(
      <StrictMode>
        <OwnReader url={server.url} onOpen={onOpen} onMessage={onMessage} />
      </StrictMode>,
    );
    await settle();
    server.send('a');
    expect(onOpen).toHaveBeenCalledTimes(1);
    expect(heard(onMessage)).toEqual(['a']);
  });

  test('are reported when they throw, and nothing else changes (fault 42)', async () => {
    const server = serve();
    const fault = new Error('a fault of the app');
    const fail = () => {
      throw fault;
    };
    const handler = message();
    const { container } = render(
      <WebSocketProvider url={server.url} onOpen={fail} onMessage={fail}>
        <Listener onMessage={handler} />
        <Reader />
      </WebSocketProvider>,
    );
    await settle();
    server.send('a');
    expect(container.textContent).toBe('open');
    expect(heard(handler)).toEqual(['a']);
    expect(takeReports()).toEqual([fault, fault]);
  });
});
