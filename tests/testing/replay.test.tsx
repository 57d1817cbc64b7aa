import { act, render, screen } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { createConnection } from '../../src/core.ts';
import { useWebSocket, WebSocketProvider } from '../../src/index.ts';
import { createTestServer, type TestServer } from '../../src/testing.ts';

/** A session as the devtools export it. */
const session = (...entries: readonly object[]) => JSON.stringify({ recording: 1, entries });

const state = (at: number, status: string, cause: object | null = null) => ({
  type: 'state',
  at,
  status,
  cause,
});
const heard = (at: number, text: string, more = {}) => ({
  type: 'frame',
  at,
  way: 'in',
  kind: 'message',
  text,
  ...more,
});
const closed = (code: number) => ({ kind: 'close', code, reason: 'bye', wasClean: true });

/** Plays a session to an app. Returns what the app has seen, with the times since the start. */
async function seen(entries: readonly object[], server: TestServer = createTestServer()) {
  const log: string[] = [];
  const { clock } = server.options;
  const start = clock.now();
  const add = (what: string) => log.push(`${clock.now() - start} ${what}`);
  createConnection({
    ...server.options,
    heartbeat: { interval: 1_000, timeout: 1_000 },
    onOpen: () => add('open'),
    onMessage: (message) => add(typeof message === 'string' ? message : 'bytes'),
    onClose: (cause) => add(cause.kind === 'close' ? `close ${cause.code}` : cause.kind),
  }).open();
  await server.replay(session(...entries));
  return log;
}

describe('replay()', () => {
  test('sends what was heard, at the same times', async () => {
    const log = await seen([
      state(500, 'connecting'),
      state(700, 'open'),
      heard(800, 'a'),
      heard(2_000, 'b'),
    ]);
    expect(log).toEqual(['200 open', '300 a', '1500 b']);
  });

  test('sends bytes, and a message without the header of its delivery', async () => {
    const log = await seen([
      state(0, 'open'),
      heard(0, '', { text: undefined, base64: btoa('\0\u0001') }),
      heard(0, '{"lifeline":"topic","topic":"a","number":7}\nhello'),
    ]);
    expect(log).toEqual(['0 open', '0 bytes', '0 hello']);
  });

  test('leaves out what the app has sent, what was lost, and heartbeats', async () => {
    const log = await seen([
      state(0, 'open'),
      heard(0, 'sent', { way: 'out' }),
      heard(0, 'lost', { isLost: true }),
      heard(0, 'pong', { kind: 'heartbeat' }),
    ]);
    expect(log).toEqual(['0 open']);
  });

  test('closes as the server did, and lets the app in when it was', async () => {
    const log = await seen([
      state(0, 'open'),
      state(1_000, 'reconnecting', closed(1012)),
      state(6_000, 'open'),
      heard(6_000, 'a'),
    ]);
    expect(log).toEqual(['0 open', '1000 close 1012', '6000 open', '6000 a']);
  });

  test('refuses the attempts that failed', async () => {
    const log = await seen([
      state(0, 'open'),
      state(1_000, 'reconnecting', closed(1006)),
      state(3_000, 'reconnecting', closed(1006)),
      state(8_000, 'open'),
    ]);
    expect(log.slice(0, 3)).toEqual(['0 open', '1000 close 1006', '2750 close 1006']);
    expect(log.at(-1)).toMatch(/ open$/);
  });

  test('falls silent where the heartbeat had noticed', async () => {
    const log = await seen([
      state(0, 'open'),
      state(5_000, 'reconnecting', { kind: 'timeout', phase: 'heartbeat' }),
      state(6_000, 'open'),
    ]);
    expect(log.map((line) => line.replace(/^\d+ /, ''))).toEqual(['open', 'timeout', 'open']);
  });

  test('renders in a component, as a test of a bug would', async () => {
    const server = createTestServer();
    function Last() {
      const { lastMessage, status } = useWebSocket();
      return <output>{`${status} ${lastMessage as string}`}</output>;
    }
    render(
      <WebSocketProvider {...server.options}>
        <Last />
      </WebSocketProvider>,
    );
    await act(() => server.replay(session(state(0, 'open'), heard(10, 'hello'))));
    expect(screen.getByRole('status').textContent).toBe('open hello');
  });

  test.each(['', '{}', '{"recording":1}', '[]', 'null'])(
    'refuses another text: %s',
    async (text) => {
      await expect(createTestServer().replay(text)).rejects.toThrow(
        /replay\(\) takes the text of a session/,
      );
    },
  );
});
