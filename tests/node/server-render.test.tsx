import { StrictMode } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createConnection, WebSocketProvider } from '../../src/index.ts';
import { lifeline } from '../../src/presence.ts';
import { EventListener, Listener } from '../support/react/listeners.tsx';
import { Everybody, Lamp } from '../support/react/presence.tsx';
import { ALL, GivenReader, OwnReader, Reader } from '../support/react/readers.tsx';

const sockets = vi.fn<() => void>();

beforeEach(() => {
  vi.useFakeTimers();
  sockets.mockClear();
  vi.stubGlobal('WebSocket', sockets);
});

afterEach(async () => {
  // Nothing is left that could open a socket, or keep the process alive.
  expect(vi.getTimerCount()).toBe(0);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sockets).not.toHaveBeenCalled();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const url = 'wss://example.test/live';
const CONNECTING = '<p>connecting 0 0 null null null null</p>';
const IDLE = '<p>idle 3 0 null null null null</p>';

test('there is no page here', () => {
  expect(typeof document).toBe('undefined');
});

describe('fault 48: a server renders', () => {
  test('connecting below a provider, without a socket or a warning', () => {
    const html = renderToString(
      <StrictMode>
        <WebSocketProvider url={url} heartbeat>
          <Reader read={ALL} />
          <Listener onMessage={() => {}} />
          <EventListener type="close" handler={() => {}} />
        </WebSocketProvider>
      </StrictMode>,
    );
    expect(html).toBe(CONNECTING);
  });

  test('connecting for a component of its own, whatever the kind of its url', () => {
    for (const target of [url, new URL(url), () => url, '/live'])
      expect(renderToString(<OwnReader url={target} read={ALL} />)).toBe(CONNECTING);
  });

  test('connecting for a given connection', () => {
    const connection = createConnection({ url });
    expect(renderToString(<GivenReader connection={connection} read={ALL} />)).toBe(CONNECTING);
    expect(
      renderToString(
        <WebSocketProvider connection={connection}>
          <Reader read={ALL} />
        </WebSocketProvider>,
      ),
    ).toBe(CONNECTING);
    expect(connection.getSnapshot().status).toBe('idle');
  });

  test('idle where there is nothing to connect to', () => {
    expect(renderToString(<OwnReader url={null} read={ALL} />)).toBe(IDLE);
    expect(renderToString(<OwnReader url={undefined} read={ALL} />)).toBe(IDLE);
    expect(renderToString(<OwnReader url={url} enabled={false} read={ALL} />)).toBe(IDLE);
    expect(
      renderToString(
        <WebSocketProvider>
          <Reader read={ALL} />
        </WebSocketProvider>,
      ),
    ).toBe(IDLE);
  });

  test('fault 10: the same where there is no WebSocket at all', () => {
    vi.stubGlobal('WebSocket', undefined);
    expect(renderToString(<OwnReader url={url} read={ALL} />)).toBe(CONNECTING);
  });

  test('nobody online', () => {
    const html = renderToString(
      <WebSocketProvider url={url} heartbeat={lifeline()}>
        <Everybody />
        <Lamp id="ada" />
      </WebSocketProvider>,
    );
    expect(html.replace(/<.*?>/g, ' ').trim()).toMatch(/^nobody +off$/);
  });

  test('an id that the browser can repeat: none', () => {
    const connection = createConnection({ url });
    expect(connection.id).toBe('');
  });

  test('the readable error where there is no provider', () => {
    expect(() => renderToString(<Reader />)).toThrow(
      /^useWebSocket\(\) needs a <WebSocketProvider> above it/,
    );
  });
});
