import { expect, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createConnection, json } from '../../src/core.ts';
import { reaches } from '../support/reaches.ts';
import { test } from './fixtures.ts';

test(
  'fault 41: 100,000 malformed frames are as many error events, and cost no link',
  { timeout: 30_000 },
  async ({ server }) => {
    let errors = 0;
    let closes = 0;
    const connection = createConnection({
      url: server.url,
      WebSocket,
      codec: json(),
      onError: () => errors++,
      onClose: () => closes++,
    });
    connection.open();
    onTestFinished(() => connection.close());
    await reaches(connection, 'open');
    await server.says('{"n":', 100_000);
    await vi.waitFor(() => expect(errors).toBe(100_000), { timeout: 20_000 });
    expect(connection.send('echo')).toBe('sent');
    await vi.waitFor(() => expect(connection.lastMessage).toBe('echo'));
    expect(errors).toBe(100_000);
    expect(closes).toBe(0);
  },
);
