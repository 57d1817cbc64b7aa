import { expect, test, vi } from 'vitest';
import { Broadcaster } from '../../../src/server/broadcasts/broadcaster.ts';
import { Topics } from '../../../src/server/broadcasts/topics.ts';
import { ServerClient } from '../../../src/server/clients/client.ts';
import { createFormat } from '../../../src/server/messages/format.ts';
import { Outlet } from '../../../src/server/messages/outlet.ts';
import { createCounters } from '../../../src/server/stats/stats.ts';
import { SimulatedSocket } from '../../support/server/simulated-process.ts';

function createClient(name: string) {
  const socket = new SimulatedSocket((pong) => pong());
  const send = vi.spyOn(socket, 'send');
  const outlet = new Outlet(createFormat(undefined), createCounters());
  const admitted = { socket: socket as never, identity: name, id: name, connection: name };
  return { socket, send, client: new ServerClient(admitted, 0, outlet) };
}

test('all clients get the same copy of the bytes, made at the call', () => {
  const clients = [createClient('ada'), createClient('grace')];
  const broadcaster = new Broadcaster(
    clients.map(({ client }) => client),
    new Topics<ServerClient<string>>(),
    undefined,
    createCounters(),
  );
  const bytes = Uint8Array.of(1);
  broadcaster.broadcast({ message: bytes });
  bytes[0] = 2;
  const [one, two] = clients.map(({ send }) => send.mock.calls[0]?.[0]);
  expect(one).toEqual(Buffer.from([1]));
  expect(two).toBe(one);
});

test('a closing client gets no broadcast', () => {
  const { client, socket, send } = createClient('ada');
  const broadcaster = new Broadcaster(
    [client],
    new Topics<ServerClient<string>>(),
    undefined,
    createCounters(),
  );
  socket.close();
  broadcaster.broadcast({ message: 'late' });
  expect(send).not.toHaveBeenCalled();
});

test('a channel hears which topics are used, and its errors end nothing', () => {
  const topics = new Topics<string>();
  const errors: unknown[] = [];
  const channel = {
    start() {},
    publish() {},
    stop: async () => {},
    follow: vi.fn<(topic: string) => void>(),
    unfollow(topic: string) {
      throw new Error(`not ${topic}`);
    },
  };
  new Broadcaster([], topics as never, channel, createCounters()).start({
    disconnect() {},
    clientsOf: () => [],
    error: (error) => errors.push(error),
  });
  topics.subscribe('ada', 'news');
  topics.subscribe('grace', 'news');
  expect(channel.follow.mock.calls).toEqual([['news']]);
  topics.unsubscribeAll('ada');
  topics.unsubscribeAll('grace');
  expect(errors).toEqual([new Error('not news')]);
});
