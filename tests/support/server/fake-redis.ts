import type { RedisClient } from '../../../src/server/redis/client.ts';

/** A connection that stays open whatever happens. */
interface FakeConnection {
  isOpen: boolean;
  /** Says that something is wrong. */
  fail: (error: Error) => void;
  readonly commands: (readonly unknown[])[];
}

/** What a fake Redis does, where it is not to do the usual. */
interface FakeBehaviour {
  connect?: () => Promise<void>;
  /** What a command is answered with, after a millisecond. */
  answer?: (command: readonly unknown[]) => unknown;
  destroy?: () => void;
}

/** A client without a Redis. */
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
