import type { IncomingMessage } from 'node:http';
import { expectTypeOf, test } from 'vitest';
import { type Client, createLifelineServer, type LifelineServer } from '../../src/server.ts';

interface User {
  readonly id: string;
  readonly admin: boolean;
}

declare function userOf(request: IncomingMessage): Promise<User | null>;

test('the identity has the type that authenticate returns', () => {
  const server = createLifelineServer({ port: 0, authenticate: userOf });
  expectTypeOf(server).toEqualTypeOf<LifelineServer<User>>();
  server.on('connection', (client, request) => {
    expectTypeOf(client).toEqualTypeOf<Client<User>>();
    expectTypeOf(client.identity.admin).toBeBoolean();
    expectTypeOf(client.id).toBeString();
    expectTypeOf(request).toEqualTypeOf<IncomingMessage>();
  });
  createLifelineServer<User>({
    authenticate: userOf,
    visible: (viewer, id, topic) => viewer.identity.admin || id === viewer.id || topic === 'lobby',
    describe: ({ id, admin }) => ({ id, admin }),
  });
});

test('who is in a topic may not be known', () => {
  const { presence } = createLifelineServer({ port: 0 });
  expectTypeOf(presence.list()).toEqualTypeOf<string[]>();
  expectTypeOf(presence.list('room')).toEqualTypeOf<string[] | null>();
  expectTypeOf(presence.isOnline('ada')).toEqualTypeOf<boolean>();
  expectTypeOf(presence.isOnline('ada', 'room')).toEqualTypeOf<boolean | null>();
});

test('the identity is a string without authenticate', () => {
  const server = createLifelineServer({ port: 0 });
  expectTypeOf(server).toEqualTypeOf<LifelineServer>();
  server.on('message', (client, data) => {
    expectTypeOf(client.identity).toBeString();
    expectTypeOf(data).toEqualTypeOf<string | Buffer>();
  });
});

test('wrong options and events do not type-check', () => {
  // @ts-expect-error -- an identity has an id
  createLifelineServer({ authenticate: () => ({ name: 'ada' }) });
  // @ts-expect-error -- a promise would let everybody in
  createLifelineServer({ origins: async () => true });
  const server = createLifelineServer({ port: 0 });
  expectTypeOf(server.broadcast).parameter(0).toEqualTypeOf<string | Uint8Array>();
  // @ts-expect-error -- there is no such event
  server.on('connect', () => {});
  // @ts-expect-error -- it is a client that is excepted, not its name
  server.broadcast('hello', { except: 'ada' });
  expectTypeOf(server.broadcast).parameter(0).toEqualTypeOf<string | Uint8Array>();
});
