import { StrictMode } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createConnection, WebSocketProvider } from '../../src/index.ts';
import { lifeline } from '../../src/presence.ts';
import { EventListener, Listener } from '../support/react/listeners.tsx';
import { Everybody, OnlineMark } from '../support/react/presence.tsx';
import { ALL, GivenReader, OwnReader, Reader } from '../support/react/readers.tsx';

const sockets = vi.fn<() => void>();

beforeEach(() => {
  vi.useFakeTimers();
  sockets.mockClear();
  vi.stubGlobal('WebSocket', sockets);
});

afterEach(async () => {
  // No timer is left that could open a socket or keep the process running.
  expect(vi.getTimerCount()).toBe(0);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sockets).not.toHaveBeenCalled();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const url = 'wss://example.test/live';
const CONNECTING = '<p>connecting 0 0 null null null null</p>';
const IDLE = '<p>idle 3 0 null null null null</p>';

test('these tests run without a document', () => {
  expect(typeof document).toBe('undefined');
});

describe('server rendering (fault 48)', () => {
  test('gives connecting below a provider, without a socket or a warning', () => {
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

  test('gives connecting for a component with its own url of any kind', () => {
    for (const target of [url, new URL(url), () => url, '/live'])
      expect(renderToString(<OwnReader url={target} read={ALL} />)).toBe(CONNECTING);
  });

  test('gives connecting for a given connection', () => {
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

  test('gives idle without a url, or if not enabled', () => {
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

  test('gives connecting without a WebSocket class (fault 10)', () => {
    vi.stubGlobal('WebSocket', undefined);
    expect(renderToString(<OwnReader url={url} read={ALL} />)).toBe(CONNECTING);
  });

  test('gives no list of who is online', () => {
    const html = renderToString(
      <WebSocketProvider url={url} heartbeat={lifeline()}>
        <Everybody />
        <OnlineMark id="ada" />
      </WebSocketProvider>,
    );
    expect(html.replace(/<.*?>/g, ' ').trim()).toMatch(/^unknown +unknown$/);
  });

  test("gives the id '', which the browser can repeat", () => {
    const connection = createConnection({ url });
    expect(connection.id).toBe('');
  });

  test('throws an error that says what to do without a provider', () => {
    expect(() => renderToString(<Reader />)).toThrow(
      /^useWebSocket\(\) needs a <WebSocketProvider> above it/,
    );
  });
});
