import { createClient } from 'redis';
import type { Records, Run } from './words.ts';

/** The database of an application, with the effects of its handlers. */
export interface Database {
  /** A handler begins. */
  begin(run: Run): Promise<void>;
  /** Does what the handler is for, and keeps the number of the message, in one transaction; nothing if the number is there. */
  commit(run: Run): Promise<void>;
  read(): Promise<Records>;
  end(): void;
}

/** One that ends with its process. It prevents nothing: a second effect for a number is written down, too. */
export function inMemory(): Database {
  const [begun, effects]: [Run[], Run[]] = [[], []];
  return {
    async begin(run) {
      begun.push(run);
    },
    async commit(run) {
      effects.push(run);
    },
    read: async () => ({ begun, effects }),
    end() {},
  };
}

const COMMIT = `
if ARGV[1] ~= '' and redis.call('SADD', 'handled', ARGV[1]) == 0 then return 0 end
redis.call('RPUSH', 'effects', ARGV[2])
return 1`;

/** One that outlives the servers: a Redis of its own. */
export async function inRedis(url: string): Promise<Database> {
  const client = createClient({ url });
  await client.connect();
  const list = async (key: string) =>
    (await client.lRange(key, 0, -1)).map((line) => JSON.parse(line) as Run);
  return {
    async begin(run) {
      await client.rPush('begun', JSON.stringify(run));
    },
    async commit(run) {
      const id = run.id === null ? '' : `${run.identity} ${run.id}`;
      await client.eval(COMMIT, { keys: [], arguments: [id, JSON.stringify(run)] });
    },
    read: async () => ({ begun: await list('begun'), effects: await list('effects') }),
    end: () => client.destroy(),
  };
}
