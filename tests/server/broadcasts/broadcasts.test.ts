import { describe, expect, vi } from 'vitest';
import { byPath, test } from '../fixtures.ts';

describe('broadcasts', () => {
  test('reach all clients, or the subscribers of a topic, but not the client in except', async ({
    start,
  }) => {
    const { server, visit } = await start({ authenticate: byPath });
    const visitors = [await visit('/ada'), await visit('/grace'), await visit('/joan')] as const;
    const [ada, grace, joan] = [...server.clients];
    if (!ada || !grace || !joan) throw new Error('There are fewer clients than expected.');
    expect(server.subscribe(ada, 'gold')).toBe(true);
    expect(server.subscribe(grace, 'gold')).toBe(true);
    server.broadcast('to all');
    server.broadcast(Uint8Array.of(1, 2), { except: grace });
    server.broadcast('to gold', { topic: 'gold' });
    server.broadcast('to gold but Ada', { topic: 'gold', except: ada });
    server.unsubscribe(grace, 'gold');
    server.broadcast('to Ada', { topic: 'gold' });
    server.broadcast('to nobody', { topic: 'tin' });
    for (const visitor of visitors) await visitor.roundTrip();
    const heard = visitors.map((visitor) => visitor.received.slice(0, -1));
    const binary = Buffer.from([1, 2]);
    expect(heard).toEqual([
      ['to all', binary, 'to gold', 'to Ada'],
      ['to all', 'to gold', 'to gold but Ada'],
      ['to all', binary],
    ]);
  });

  test('carry the bytes as they were at the call', async ({ start }) => {
    const { server, visit } = await start({});
    const ada = await visit();
    const bytes = Uint8Array.of(1);
    server.broadcast(bytes);
    bytes[0] = 2;
    await ada.receives(Buffer.from([1]));
  });

  test('cannot be subscribed to by a client that has disconnected', async ({ start }) => {
    const { server, visit } = await start({});
    const ada = await visit();
    const [client] = server.clients;
    if (!client) throw new Error('There is no client.');
    ada.socket.terminate();
    await vi.waitFor(() => expect(server.clients.size).toBe(0));
    expect(server.subscribe(client, 'gold')).toBe(false);
  });

  test('go to other servers and come from them through the channel', async ({ start }) => {
    const published: unknown[] = [];
    const channel = {
      start: vi.fn<(listener: { deliver(broadcast: object): void }) => void>(),
      publish: (broadcast: unknown) => published.push(broadcast),
      stop: vi.fn<() => Promise<void>>(async () => {}),
    };
    const { server, visit } = await start({ broadcasts: channel, authenticate: byPath });
    const [ada, grace] = [await visit('/ada'), await visit('/grace')];
    const [first] = server.clients;
    if (!first) throw new Error('There is no client.');
    server.subscribe(first, 'gold');
    server.broadcast('from here', { except: first });
    expect(published).toEqual([
      { message: 'from here', topic: undefined, except: first.connection },
    ]);
    const [[listener] = []] = channel.start.mock.calls;
    listener?.deliver({ message: 'from there' });
    listener?.deliver({ message: Uint8Array.of(9), topic: 'gold' });
    listener?.deliver({ message: 'not to Ada', except: first.connection });
    await ada.roundTrip();
    await grace.roundTrip();
    expect(ada.received.slice(0, -1)).toEqual(['from there', Buffer.from([9])]);
    expect(grace.received.slice(0, -1)).toEqual(['from here', 'from there', 'not to Ada']);
    expect(published).toHaveLength(1);
    await server.close();
    expect(channel.stop).toHaveBeenCalledOnce();
  });
});
