import { describe, expect, vi } from 'vitest';
import { byPath, test } from './fixtures.ts';

describe('messages', () => {
  test('text and binary messages arrive unchanged and in order', async ({ start }) => {
    const { server, visit } = await start({});
    const messages: unknown[] = [];
    server.on('message', (_client, data) => messages.push(data));
    const ada = await visit();
    const said = ['', 'hello', Buffer.from([0, 127, 255]), '{"a":1}', 'wörld'];
    for (const message of said) ada.send(message);
    await ada.roundTrip();
    expect(messages).toEqual(said);
  });

  test('a client receives what is sent to it, until it is closing', async ({ start }) => {
    const { server, visit } = await start({});
    server.on('connection', (client) => {
      client.send('welcome');
      client.send(Uint8Array.of(7));
      client.close(4001, 'enough');
      client.send('too late');
    });
    const ada = await visit();
    expect(await ada.closed).toEqual([4001, 'enough']);
    expect(ada.received).toEqual(['welcome', Buffer.from([7])]);
  });

  test('a disconnection event has the code and the reason', async ({ start }) => {
    const { server, visit } = await start({ authenticate: byPath });
    const gone: unknown[] = [];
    server.on('disconnection', ({ id }, code, reason) => gone.push([id, code, reason]));
    const [ada, grace] = [await visit('/ada'), await visit('/grace')];
    ada.socket.close(4001, 'bye');
    await ada.closed;
    grace.socket.terminate();
    await vi.waitFor(() =>
      expect(gone).toEqual([
        ['ada', 4001, 'bye'],
        ['grace', 1006, ''],
      ]),
    );
  });
});
