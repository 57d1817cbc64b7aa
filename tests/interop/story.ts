import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { ConnectionOptions } from '../../src/core.ts';
import { requests } from '../../src/core.ts';
import { reaches } from '../support/reaches.ts';
import { connectWith, eventually, SOON } from '../support/recorded-connection.ts';
import { type Foreign, TOKEN } from './foreign.ts';

const connect = connectWith(WebSocket);

/** `test`, where a protocol has what it is about. */
export const testIf = (has: unknown): ((name: string, run: () => Promise<void>) => void) =>
  has ? test : () => {};

/** A protocol, as the tests below need to know it. */
export interface Protocol<In, Out> {
  server(): Promise<Foreign>;
  /** The options of the page. */
  readonly options: ConnectionOptions<In, Out>;
  /** A message whose text the server tells back. */
  say(text: string): Out;
  /** The text of a message, told back or of the topic. */
  textOf(message: In): string | undefined;
  /** The topic that `world.publish()` speaks to. */
  readonly topic: string;
  /** The topic that a client must be in before it may speak. */
  readonly speaksIn?: string;
  /** Whether the server hears that nobody listens to the topic any more. */
  readonly unsubscribes?: boolean;
  /** Whether the server can end a topic. */
  readonly ends?: boolean;
  /** A message that is sent as a request. @defaultValue that of `say()` */
  ask?(text: string): Out;
  /** Whether this is the reply to it. */
  isAnswer?(reply: In, text: string): boolean;
  /** A request that the server refuses. */
  readonly refused?: Out;
  /** What ends an attempt with a wrong token. */
  readonly refusal: object;
  /** Whether `close()` says goodbye. */
  readonly takesLeave?: boolean;
}

/** Lets the session of the page hold this token. */
export function logIn(token: string): void {
  vi.stubGlobal('fetch', async () => new Response(token));
  onTestFinished(() => void vi.unstubAllGlobals());
}

/** Interval and timeout of a heartbeat. */
type Times = readonly [number, number];

/** The same options for a server on this machine, with times of a test instead of those of a day. */
export function here<In, Out>(
  { proxy }: { readonly proxy: { readonly port: number } },
  options: ConnectionOptions<In, Out>,
  [interval, timeout]: Times,
): ConnectionOptions<In, Out> {
  const { url, heartbeat } = options;
  const move = (address: unknown) =>
    String(address).replace('wss://example.com', `ws://127.0.0.1:${proxy.port}`);
  return {
    ...options,
    url: typeof url === 'function' ? async (context) => move(await url(context)) : move(url),
    ...(typeof heartbeat === 'object' && { heartbeat: { ...heartbeat, interval, timeout } }),
    reconnect: { ...SOON, ...(options.reconnect as object) },
    linger: 50,
  };
}

const PATIENT: Times = [200, 8_000];
/** Time enough for a live server on a busy machine. */
const QUICK: Times = [200, 1_000];

/** What must hold for every protocol, with its real server. */
export function tells<In, Out>(protocol: Protocol<In, Out>): void {
  const { server, options, say, textOf, topic, speaksIn } = protocol;

  async function setUp(times = PATIENT, token = TOKEN) {
    logIn(token);
    const foreign = await server();
    const start = () => {
      const connection = connect<In, Out>(here(foreign, options, times));
      if (speaksIn !== undefined) connection.onTopic(speaksIn, () => {});
      return connection;
    };
    return { ...foreign, start };
  }

  test('what is said before the login is answered goes out behind it', async () => {
    const { world, start } = await setUp();
    world.loginTakes = 100;
    const connection = start();
    const heard = vi.fn<(text?: string) => void>();
    connection.onTopic(topic, (message) => heard(textOf(message)));
    expect(connection.send(say('early'))).toBe('queued');

    await vi.waitFor(() => expect(world.heard).toEqual(['login']), eventually);
    expect(connection.getSnapshot().status).toBe('connecting');
    await reaches(connection, 'open');
    await vi.waitFor(() => {
      world.publish('news');
      expect(connection.messages.map(textOf)).toContain('early');
      expect(heard).toHaveBeenCalledWith('news');
    }, eventually);
    expect(world.heard.slice(0, 2)).toEqual(['login', 'early']);
    expect(connection.statuses).toEqual(['connecting', 'open']);
  });

  test('a login that is refused is a failed attempt, and nothing else was said', async () => {
    const { world, start } = await setUp(PATIENT, 'wrong');
    const connection = start();
    connection.on('error', () => {}); // What a handshake throws would be reported.
    connection.send(say('early'));
    await vi.waitFor(() => expect(connection.causes.length).toBeGreaterThan(0), eventually);
    expect(connection.causes[0]).toMatchObject(protocol.refusal);
    expect(connection.statuses).not.toContain('open');
    expect(world.heard).not.toContain('early');
  });

  test('a topic is heard while somebody listens', async () => {
    const { world, start } = await setUp();
    const connection = start();
    await reaches(connection, 'open');
    const heard = vi.fn<(text?: string) => void>();
    const stop = connection.onTopic(topic, (message) => heard(textOf(message)));
    await vi.waitFor(() => {
      world.publish('news');
      expect(heard).toHaveBeenCalledWith('news');
    }, eventually);
    stop();
    const last = protocol.unsubscribes ? ['unsubscribe'] : [];
    await vi.waitFor(() => expect(world.heard).toEqual(['login', ...last]), eventually);
    const calls = heard.mock.calls.length;
    world.publish('more');
    connection.send(say('done'));
    await vi.waitFor(() => expect(connection.messages.map(textOf)).toContain('done'), eventually);
    expect(heard).toHaveBeenCalledTimes(calls);
  });

  test('a link on which nobody speaks stays, and its pings and pongs are no messages', async () => {
    const { proxy, start } = await setUp(QUICK);
    const connection = start();
    await reaches(connection, 'open');
    await delay(100); // the answers to the subscriptions
    const { length } = connection.messages;
    await delay(1_500);
    expect(connection.statuses).toEqual(['connecting', 'open']);
    expect(connection.messages.slice(length)).toEqual([]);
    expect((await proxy.report()).ever).toBe(1);
  });

  test('the server is killed and comes back: what was said meanwhile goes out behind the login, and topics are heard again', async () => {
    const { world, start, dies, starts } = await setUp();
    const connection = start();
    const heard = vi.fn<(text?: string) => void>();
    connection.onTopic(topic, (message) => heard(textOf(message)));
    await reaches(connection, 'open');
    await dies();
    await reaches(connection, 'reconnecting');
    world.heard.length = 0;
    world.loginTakes = 50;
    for (const text of ['one', 'two']) expect(connection.send(say(text))).toBe('queued');
    await starts();

    await vi.waitFor(() => {
      world.publish('again');
      expect(world.heard).toEqual(['login', 'one', 'two']);
      expect(connection.messages.map(textOf)).toContain('two');
      expect(heard).toHaveBeenCalledWith('again');
    }, eventually);
    expect(world.heard).toEqual(['login', 'one', 'two']);
    expect(connection.messages.map(textOf).filter((text) => text === 'one')).toHaveLength(1);
    expect(connection.statuses).toEqual(['connecting', 'open', 'reconnecting', 'open']);
  });

  test('a frozen server is noticed, and left', async () => {
    const { proxy, start } = await setUp(QUICK);
    const connection = start();
    await reaches(connection, 'open');
    await proxy.stalls();
    await reaches(connection, 'reconnecting');
    expect(connection.causes.at(-1)).toEqual({ kind: 'timeout', phase: 'heartbeat' });
    await reaches(connection, 'open');
    connection.send(say('back'));
    await vi.waitFor(() => expect(connection.messages.map(textOf)).toContain('back'), eventually);
  });

  testIf(protocol.ends)(
    'a topic that the server ends is asked for again, on the same link',
    async () => {
      const { world, proxy, start } = await setUp();
      const connection = start();
      const heard = vi.fn<(text?: string) => void>();
      connection.onTopic(topic, (message) => heard(textOf(message)));
      const hears = (text: string) =>
        vi.waitFor(() => {
          world.publish(text);
          expect(heard).toHaveBeenCalledWith(text);
        }, eventually);
      await hears('before');
      world.endTopic?.();
      await hears('after');
      expect((await proxy.report()).ever).toBe(1);
    },
  );

  testIf(protocol.isAnswer)('a request gets its own reply, and no handler does', async () => {
    const { world, start, dies, starts } = await setUp();
    const connection = start();
    const request = connection.extend(requests);
    const { ask = say, isAnswer = () => false } = protocol;
    const asks = async (...texts: string[]) => {
      const replies = await Promise.all(texts.map((text) => request(ask(text))));
      expect(replies.filter((reply, n) => isAnswer(reply, texts[n] ?? ''))).toEqual(replies);
      for (const reply of replies) expect(connection.messages).not.toContain(reply);
    };
    await asks('early', 'too');
    await dies();
    await reaches(connection, 'reconnecting');
    world.heard.length = 0;
    const asked = asks('late', 'last');
    await starts();
    await asked;
    expect(world.heard).toEqual(['login', 'late', 'last']);
  });

  testIf(protocol.refused)('a request that the server refuses rejects', async () => {
    const { start } = await setUp();
    const request = start().extend(requests);
    await expect(request(protocol.refused as Out)).rejects.toMatchObject({
      name: 'RequestError',
      reason: 'refused',
    });
  });

  testIf(protocol.takesLeave)('the server hears the farewell', async () => {
    const { world, start } = await setUp();
    const connection = start();
    await reaches(connection, 'open');
    connection.close();
    await vi.waitFor(() => expect(world.heard).toContain('farewell'), eventually);
  });
}
