// @vitest-environment jsdom
import { expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createConnection, type WebSocketConstructor } from '../../src/core.ts';
import { confirmed } from '../../src/delivery.ts';
import { recordings } from '../../src/devtools/recorder/recordings.ts';
import type { Recording } from '../../src/devtools/recorder/types.ts';
import { startSessionServer } from '../support/session-server.ts';

test('a recording follows a message until the server has confirmed it, also over a lost link', async () => {
  const server = await startSessionServer();
  const connection = createConnection({
    url: `${server.url}?name=ada`,
    WebSocket: WebSocket as unknown as WebSocketConstructor,
    delivery: confirmed(),
    reconnect: { minDelay: 10, baseDelay: 0 },
  });
  connection.open();
  await vi.waitFor(() => expect(connection.getSnapshot().status).toBe('open'));
  const recording = recordings().list().at(-1) as Recording;

  recording.damage.silence();
  connection.send('one');
  expect(recording.session()).toEqual({ unconfirmed: 1, waiting: 0 });
  connection.reconnect();
  connection.send('two');
  await vi.waitFor(() => expect(recording.session()).toEqual({ unconfirmed: 0, waiting: 0 }));

  const told = recording
    .entries()
    .flatMap((entry) => (entry.type === 'message' ? `${String(entry.message)} ${entry.what}` : []));
  expect(told.toSorted()).toEqual([
    'one confirmed',
    'one sent',
    'two confirmed',
    'two queued',
    'two sent',
  ]);
  expect(await server.handled()).toEqual(['ada: one', 'ada: two']);
  // The words of the session hold its token.
  expect(recording.export()).not.toContain('"token');
  connection.close();
  await server.stops();
});
