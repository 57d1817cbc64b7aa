import { describe, expect, test } from 'vitest';
import { lifeline } from '../../../src/core/lifeline/lifeline.ts';
import { simulate, simulateOpen } from '../../support/simulation/world.ts';

const LEAVE = '{"lifeline":"leave"}';

describe('the frame leave', () => {
  test('goes out before close() closes an open link (fault 95)', () => {
    const { connection, network } = simulateOpen({ heartbeat: lifeline() });
    const { server, socket } = network;
    connection.close(4000, 'bye');
    connection.close();
    expect(server.received.filter((frame) => frame === LEAVE)).toEqual([LEAVE]);
    expect(server.received.at(-1)).toBe(LEAVE);
    expect(socket.closedWith).toEqual({ code: 4000, reason: 'bye' });
  });

  test('is not sent while connecting, by another heartbeat, by reconnect(), nor when the url becomes null (fault 95)', () => {
    const connecting = simulate({ heartbeat: lifeline() });
    connecting.connection.open();
    connecting.connection.close();
    const plain = simulateOpen({ heartbeat: true });
    plain.connection.close();
    const reconnected = simulateOpen({ heartbeat: lifeline() });
    const first = reconnected.network.server;
    reconnected.connection.reconnect();
    const disabled = simulateOpen({ heartbeat: lifeline() });
    const last = disabled.network.server;
    disabled.connection.update({ url: null });
    const servers = [plain.network.server, first, last];
    expect(servers.flatMap(({ received }) => received)).not.toContain(LEAVE);
    expect(disabled.connection.getSnapshot().status).toBe('idle');
  });
});
