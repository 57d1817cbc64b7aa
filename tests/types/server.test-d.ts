import type { IncomingMessage } from 'node:http';
import { createClient, createCluster } from 'redis';
import * as v from 'valibot';
import { expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import {
  type Client,
  createLifelineServer,
  type InvalidMessage,
  json,
  type LifelineServer,
  memoryHistory,
  memorySessions,
  redisSessions,
  type SessionStore,
  type MessageId,
  redisHistory,
  type ServerStats,
} from '../../src/server.ts';

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

test('messages have the types of the codec, the roles of its schemas swapped', () => {
  const FromClient = z.object({ say: z.string(), at: z.string().transform(Number) });
  const FromServer = v.object({ said: v.optional(v.string(), 'nothing') });
  const server = createLifelineServer({
    codec: json({ schema: FromClient, out: FromServer }),
    authenticate: userOf,
    visible: (viewer, id) => viewer.identity.admin || id === viewer.id,
  });
  type In = { say: string; at: number };
  type Out = { said?: string | undefined };
  expectTypeOf(server).toEqualTypeOf<LifelineServer<User, In, Out>>();
  server.on('message', (client, message) => {
    expectTypeOf(client).toEqualTypeOf<Client<User, Out>>();
    expectTypeOf(message).toEqualTypeOf<In>();
    client.send({ said: message.say });
    server.broadcast({}, { except: client, topic: 'room' });
    server.subscribe(client, 'room');
    // @ts-expect-error -- it is no message of the codec
    client.send('hello');
    // @ts-expect-error -- it is no message of the codec
    server.broadcast({ said: 7 });
  });
  server.on('invalid', (client, invalid) => {
    expectTypeOf(client).toEqualTypeOf<Client<User, Out>>();
    expectTypeOf(invalid).toEqualTypeOf<InvalidMessage>();
  });
  expectTypeOf(server.clients).toEqualTypeOf<ReadonlySet<Client<User, Out>>>();
});

test('a codec without a schema has the types that it names, or unknown', () => {
  const named = createLifelineServer({ codec: json<{ a: number }, { b: number }>() });
  expectTypeOf(named).toEqualTypeOf<LifelineServer<string, { a: number }, { b: number }>>();
  const unnamed = createLifelineServer({ codec: json() });
  expectTypeOf(unnamed).toEqualTypeOf<LifelineServer<string, unknown, unknown>>();
  // @ts-expect-error -- a codec has two functions
  createLifelineServer({ codec: { encode: String } });
});

test('stats are numbers, and the refusals by what was told', () => {
  const { refused, ...counters } = createLifelineServer().stats();
  expectTypeOf(refused).toEqualTypeOf<Readonly<Record<string, number>>>();
  expectTypeOf(counters).toExtend<Readonly<Record<string, number>>>();
  expectTypeOf<ServerStats>().toHaveProperty('connections');
});

test('a history in Redis takes a client of one Redis or of a cluster; what is recorded may be awaited', () => {
  const server = createLifelineServer({
    sessions: memorySessions(),
    history: redisHistory(createClient(), { perTopic: 10, ttl: 1_000, topics: 5, prefix: 'a:' }),
  });
  redisHistory(createCluster({ rootNodes: [] }), { bytesPerTopic: 1_000 });
  expectTypeOf(server.broadcast('hello', { topic: 'room' })).toEqualTypeOf<PromiseLike<void>>();
  expectTypeOf(server.sendTo('ada', 'hello')).toEqualTypeOf<PromiseLike<void>>();
  // @ts-expect-error -- it has no bound for all topics together
  redisHistory(createClient(), { bytes: 1_000 });
});

test('sessions are in memory, in a Redis, or in a cluster', () => {
  expectTypeOf(redisSessions(createClient(), { lease: 15_000 })).toEqualTypeOf<SessionStore>();
  expectTypeOf(redisSessions(createCluster({ rootNodes: [] }))).toEqualTypeOf<SessionStore>();
  // @ts-expect-error -- a period is a number
  redisSessions(createClient(), { lease: '15s' });
});

test('messages of sessions have an id, and requests a reply of the type that is sent', () => {
  const server = createLifelineServer({
    sessions: memorySessions(),
    history: memoryHistory({ perTopic: 10 }),
    codec: json({ schema: z.object({ ask: z.string() }), out: z.object({ answer: z.string() }) }),
  });
  server.on('message', (client, message, id) => {
    expectTypeOf(message).toEqualTypeOf<{ ask: string }>();
    expectTypeOf(id).toEqualTypeOf<MessageId>();
    server.sendTo(client.id, { answer: message.ask });
    server.subscribe(client, 'room', { replay: false });
  });
  server.on('request', (_client, { ask }, { signal, ...id }) => {
    expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
    expectTypeOf(id).toEqualTypeOf<{ outbox: string | null; number: number | null }>();
    return { answer: ask };
  });
  server.on('request', async (_client, { ask }) => ({ answer: ask }));
  server.on('request', () => {});
  // @ts-expect-error -- a reply has the type of what is sent
  server.on('request', async () => ({ reply: 7 }));
  // @ts-expect-error -- a message has the type of what is sent
  server.sendTo('ada', { reply: 7 });
  server.on('forgotten', ({ what, of }) => {
    expectTypeOf(what).toEqualTypeOf<'session' | 'reply' | 'history'>();
    expectTypeOf(of).toEqualTypeOf<string | null>();
  });
});
