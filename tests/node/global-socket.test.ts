/** The WebSocket that Node itself has, from version 22 on. */
import { expect } from 'vitest';
import { createConnection, type WebSocketConstructor } from '../../src/core.ts';
import { wireDataTests } from '../support/wire-data-tests.ts';
import { wireTests } from '../support/wire-tests.ts';
import { test } from './fixtures.ts';

const { WebSocket } = globalThis as { WebSocket?: WebSocketConstructor };

if (WebSocket) {
  // It opens a TCP connection for later use when a handshake is abandoned.
  wireTests(test, WebSocket, { spares: 1 });
  wireDataTests(test, WebSocket);
} else
  test('Node 20 has no WebSocket: the connection ends, and the cause says what to do', () => {
    const connection = createConnection({ url: 'ws://127.0.0.1:9' });
    connection.open();
    expect(connection.getSnapshot()).toMatchObject({
      status: 'closed',
      cause: { kind: 'error', message: expect.stringContaining('pass a WebSocket class') },
    });
  });
