import type { RedisClient } from '../../../src/server/redis/client.ts';

/** A connection that stays open. */
interface FakeConnection {
  isOpen: boolean;
  /** Calls the error listener. */
  fail: (error: Error) => void;
  readonly commands: (readonly unknown[])[];
}

/** Changes of the default behaviour. */
interface FakeBehaviour {
  connect?: () => Promise<void>;
  /** The answer to a command, after a millisecond. */
  answer?: (command: readonly unknown[]) => unknown;
  destroy?: () => void;
}

/** A Redis client without a Redis. */
export function createFakeClient({ connect, answer, destroy }: FakeBehaviour = {}) {
  const connections: FakeConnection[] = [];
  const client: RedisClient = {
    on() {},
    off() {},
    duplicate() {
      const connection: FakeConnection = { isOpen: true, fail: () => {}, commands: [] };
      connections.push(connection);
      return {
        on(_type, listener) {
          connection.fail = listener;
        },
        async connect() {
          await connect?.();
        },
        async subscribe() {},
        async unsubscribe() {},
        sendCommand(command) {
          connection.commands.push(command);
          return new Promise((resolve) => setTimeout(() => resolve(answer?.(command)), 1));
        },
        destroy() {
          connection.isOpen = false;
          destroy?.();
        },
      };
    },
  };
  return { client, connections };
}
