import { createClient } from 'redis';
import { expect, onTestFinished, vi } from 'vitest';
import { type RealRedis, realRedis } from '../real-redis.ts';
import { redisSessions, type RedisSessionsOptions } from '../../../../src/server.ts';
import { SessionClient } from '../../../support/server/session-client.ts';
import type { ServerProcess } from '../../../support/server/redis-process.ts';
import { startSessionProcess } from '../../../support/server/session-process.ts';
import { byPath, type Started } from '../../fixtures.ts';
import { test as base } from '../../sessions/fixtures.ts';

/** A lease that a test can wait for, in milliseconds. */
export const LEASE = 1_500;

/** A server that shares its sessions with others. */
export interface SharedServer extends Started<string, string | Buffer, string | Uint8Array> {
  /** The messages that its handlers got: the outbox, the number, the message. */
  readonly handled: readonly unknown[][];
  readonly forgotten: readonly unknown[];
}

/** How patient a test is that waits for a lease, or for Redis. */
export const patient = { timeout: 15_000, interval: 10 };

export const numbers = ({ handled }: SharedServer): unknown[] =>
  handled.map(([, number]) => number);

/** A client whose first message is confirmed. */
export async function begun(server: SharedServer, path?: string): Promise<SessionClient> {
  const client = clientOf(server, path);
  await client.resume();
  client.send('one');
  await client.confirms(1);
  return client;
}

/** Begins the session at a server, and waits for the answer for as long as it takes. */
export async function answered(client: SessionClient): Promise<unknown> {
  await client.open();
  client.begin();
  await vi.waitFor(() => expect(client.words('session')).toHaveLength(1), patient);
  return client.answered();
}

interface Fixtures extends RealRedis {
  /** Starts a server on what is at a port, with a short lease. */
  share: (port: number, options?: RedisSessionsOptions) => Promise<SharedServer>;
  /** Two such servers, each in its own process. */
  processes: readonly [one: ServerProcess, two: ServerProcess];
}

/** A client that can go on at another server. */
export function clientOf(
  { url }: { readonly url: string },
  path = '/ada',
  of?: SessionClient,
): SessionClient {
  const client = new SessionClient(`${url}${path}`, of?.outbox);
  if (of) {
    client.sent = of.sent;
    client.taken = of.taken;
    client.epoch = of.epoch;
    for (const [number, frame] of of.unconfirmed) client.unconfirmed.set(number, frame);
  }
  onTestFinished(() => client.cut());
  return client;
}

export const test = base.extend<Fixtures>({
  ...realRedis,
  share: async ({ start }, provide) => {
    await provide(async (port, options) => {
      const client = createClient({ url: `redis://127.0.0.1:${port}` });
      const started = await start({
        sessions: redisSessions(client, { lease: LEASE, ...options }),
        authenticate: byPath,
      });
      const [handled, forgotten]: [unknown[][], unknown[]] = [[], []];
      started.server.on('message', (_client, message, { outbox, number }) => {
        handled.push([outbox, number, message]);
      });
      started.server.on('forgotten', (what) => forgotten.push(what));
      return Object.assign(started, { handled, forgotten });
    });
  },
  processes: async ({ redis }, provide) => {
    const start = () => startSessionProcess({ url: redis.url, lease: LEASE });
    const processes = await Promise.all([start(), start()]);
    await provide(processes);
    await Promise.all(processes.map((process) => process.kills()));
  },
});
