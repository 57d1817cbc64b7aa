import { onTestFinished } from 'vitest';
import {
  type AnyIdentity,
  memorySessions,
  type MemorySessionsOptions,
  type ServerOptions,
  type SessionStore,
} from '../../../src/server.ts';
import { SessionClient } from '../../support/server/session-client.ts';
import { byPath, type Started, test as base } from '../fixtures.ts';

/** A server with sessions. */
interface StartedSessions<Identity extends AnyIdentity, In, Out> extends Started<
  Identity,
  In,
  Out
> {
  /** Makes a client of the identity `/ada`, or of another one. */
  client(path?: string, outbox?: string): SessionClient;
  /** The messages that its handlers got: the outbox, the number, the message. */
  readonly handled: readonly unknown[][];
}

type CreateStore = (options?: MemorySessionsOptions) => SessionStore;

let create: CreateStore = memorySessions;

/** Makes the store of one server: in memory, unless a file asks for another, and then imports the tests. */
export const createStore: CreateStore = (options) => create(options);

export function replaceStores(createOther: CreateStore): void {
  create = createOther;
}

/** A promise that a test resolves by hand. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

export const test = base.extend<{
  startSessions: <
    Identity extends AnyIdentity = string,
    In = string | Buffer,
    Out = string | Uint8Array,
  >(
    options?: ServerOptions<Identity, In, Out>,
  ) => Promise<StartedSessions<Identity, In, Out>>;
}>({
  startSessions: async ({ start }, use) => {
    await use(async (options) => {
      const started = await start({
        sessions: createStore(),
        authenticate: byPath as never,
        ...options,
      });
      const handled: unknown[][] = [];
      started.server.on('message', (_client, message, { outbox, number }) => {
        handled.push([outbox, number, message]);
      });
      return Object.assign(started, {
        handled,
        client(path = '/ada', outbox?: string) {
          const client = new SessionClient(`${started.url}${path}`, outbox);
          onTestFinished(() => client.cut());
          return client;
        },
      });
    });
  },
});
