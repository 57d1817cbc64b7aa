import { render } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { type Cause, type EventHandler, WebSocketProvider } from '../../src/index.ts';
import { advance, serve, settle, setup } from '../support/react/harness.ts';
import { EventListener } from '../support/react/listeners.tsx';
import { ALL, OwnReader, Reader, type Seen } from '../support/react/readers.tsx';

setup();

describe('a lost link', () => {
  test('shows reconnecting, with attempt, retryAt and cause, until the next one is open', async () => {
    const server = serve();
    let seen: Seen = {};
    render(
      <OwnReader
        url={server.url}
        read={ALL}
        onRender={(fields) => void (seen = fields)}
        reconnect={{ minDelay: 1_000, baseDelay: 2_000 }}
        random={() => 0.5}
      />,
    );
    await settle();
    const cause: Cause = { kind: 'close', code: 1012, reason: 'restart', wasClean: true };
    const before = Date.now();
    await server.drop(1012, 'restart');
    expect(seen).toEqual({
      status: 'reconnecting',
      readyState: 3,
      attempt: 1,
      retryAt: expect.any(Number) as number,
      cause,
      latency: null,
      lastMessage: null,
    });
    expect(seen.retryAt).toBe(before + 2_000);

    server.stop();
    await advance(1_992);
    expect(seen).toMatchObject({
      status: 'reconnecting',
      readyState: 0,
      attempt: 1,
      retryAt: null,
    });
    await settle();
    expect(seen).toMatchObject({ status: 'reconnecting', readyState: 3, attempt: 2 });
    expect(seen.retryAt).toBe(before + 2_000 + 4 + 3_000);
    expect(seen.cause).toMatchObject({ kind: 'close' });

    server.start();
    await advance(3_010);
    expect(seen).toMatchObject({
      status: 'open',
      readyState: 1,
      attempt: 0,
      retryAt: null,
      cause: null,
    });
  });

  test('keeps the last message', async () => {
    const server = serve();
    const { container } = render(<OwnReader url={server.url} read={['status', 'lastMessage']} />);
    await settle();
    server.send('last');
    await server.drop(1006);
    expect(container.textContent).toBe('reconnecting last');
    await advance(5_000);
    expect(container.textContent).toBe('open last');
  });

  test('makes send() queue messages, which the next link sends in order', async () => {
    const server = serve();
    let send: (text: string) => string = () => '';
    const onFlush = vi.fn<EventHandler<'flush'>>();
    render(
      <OwnReader
        url={server.url}
        onFlush={onFlush}
        onRender={(_seen, socket) => void ({ send } = socket)}
      />,
    );
    await settle();
    await server.drop(1006);
    expect(['a', 'b', 'c'].map((text) => send(text))).toEqual(['queued', 'queued', 'queued']);
    await advance(5_000);
    expect(server.received).toEqual(['a', 'b', 'c']);
    expect(onFlush.mock.calls).toEqual([[['a', 'b', 'c']]]);
  });

  test('leads to closed with reconnect: false', async () => {
    const server = serve();
    const onClose = vi.fn<EventHandler<'close'>>();
    let seen: Seen = {};
    render(
      <OwnReader
        url={server.url}
        read={ALL}
        onRender={(fields) => void (seen = fields)}
        onClose={onClose}
        reconnect={false}
      />,
    );
    await settle();
    await server.drop(4_000, 'bye');
    expect(seen).toMatchObject({
      status: 'closed',
      readyState: 3,
      retryAt: null,
      cause: { kind: 'close', code: 4_000, reason: 'bye' },
    });
    expect(onClose.mock.calls).toEqual([[seen.cause, true]]);
    await advance(60_000);
    expect(server.handshakes).toHaveLength(1);
  });

  test('causes one close event, and each failed attempt another', async () => {
    const server = serve();
    const handler = vi.fn<EventHandler<'close'>>();
    render(
      <WebSocketProvider url={server.url} reconnect={{ shouldReconnect: () => 100 }}>
        <EventListener type="close" handler={handler} />
      </WebSocketProvider>,
    );
    await settle();
    server.stop();
    await server.drop(1011);
    await advance(150);
    expect(handler.mock.calls.map(([{ kind }, final]) => [kind, final])).toEqual([
      ['close', false],
      ['close', false],
    ]);
  });
});

describe('the heartbeat', () => {
  test('sets latency with every pong, and null when the link is lost', async () => {
    const server = serve();
    const latencies: unknown[] = [];
    render(
      <WebSocketProvider url={server.url} heartbeat={{ interval: 1_000, timeout: 500 }}>
        <Reader read={['latency']} onRender={({ latency }) => void latencies.push(latency)} />
      </WebSocketProvider>,
    );
    await settle();
    await advance(100);
    expect(server.received).toEqual(['ping']);
    // The ping went out 6 ms ago.
    await advance(34);
    server.send('pong');
    await advance(1_200);
    server.send('pong');
    expect(server.received).toEqual(['ping', 'ping']);
    expect(latencies).toEqual([null, 40, expect.any(Number)]);
    await server.drop(1006);
    expect(latencies.at(-1)).toBe(null);
  });

  test('does not deliver a pong as a message', async () => {
    const server = serve();
    const handler = vi.fn<EventHandler<'message'>>();
    const { container } = render(
      <OwnReader
        url={server.url}
        heartbeat={{ interval: 1_000, ping: 'are you there', pong: 'yes' }}
        onMessage={handler}
        read={['lastMessage']}
      />,
    );
    await settle();
    await advance(1_000);
    expect(server.received).toEqual(['are you there']);
    server.send('yes');
    server.send('pong');
    expect(handler.mock.calls).toEqual([['pong']]);
    expect(container.textContent).toBe('pong');
  });

  test('replaces a silent link at once, and shows the cause (fault 21)', async () => {
    const server = serve();
    const causes: unknown[] = [];
    const { container } = render(
      <OwnReader
        url={server.url}
        heartbeat={{ interval: 1_000, timeout: 1_000 }}
        read={['status', 'cause']}
        onRender={({ cause }) => void causes.push(cause)}
      />,
    );
    await settle();
    // The first ping goes out 100 ms after the opening.
    await advance(1_096);
    expect(causes).toContainEqual({ kind: 'timeout', phase: 'heartbeat' });
    await settle();
    expect(container.textContent).toBe('open null');
    expect(server.links).toHaveLength(2);
    expect(server.open).toBe(1);
  });

  test('sends pings without rendering', async () => {
    const server = serve();
    server.onFrame = (frame, link) => {
      if (frame === 'ping') link.send('pong');
    };
    const statuses: unknown[] = [];
    render(
      <OwnReader
        url={server.url}
        heartbeat={{ interval: 1_000 }}
        onRender={({ status }) => void statuses.push(status)}
      />,
    );
    await advance(60_000);
    expect(server.received.length).toBeGreaterThan(50);
    expect(statuses).toEqual(['connecting', 'open']);
  });
});
