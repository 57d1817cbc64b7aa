import { createClient } from 'redis';
import { vi } from 'vitest';
import { freePort } from './own-port.ts';
import { type Redis, startRedis } from './redis.ts';

const SLOTS = 16_384;

/** How long a node of a cluster may be silent before the others think it dead, in milliseconds. */
const NODE_TIMEOUT = 1_500;

/** A Redis cluster. */
export interface RedisCluster {
  /** Those that were masters at first, with equally many slots. */
  readonly masters: readonly Redis[];
  /** Those that were replicas at first: each of the master at the same place. */
  readonly replicas: readonly Redis[];
  /** The option `rootNodes` of a client: the masters. */
  readonly rootNodes: { url: string }[];
  /** Sends a command to a node, and returns its answer. */
  asks(node: Redis, ...command: string[]): Promise<unknown>;
  /** Returns the master of the slot of a key or channel, as the given node knows it. */
  masterOf(name: string, asked?: Redis): Promise<Redis>;
  /** Moves the slot of a key or channel to another master, with its keys. */
  moves(name: string, to: Redis): Promise<void>;
  /** Resolves when all nodes that live say that all slots are served. */
  isWhole(): Promise<void>;
  ends(): Promise<void>;
}

/** Another program may take a free port first. */
function ignoreTakenPort(error: Error): void {
  if (!error.message.includes('Address already in use')) throw error;
}

/** Starts a cluster of masters, with a replica for each if wanted. */
export async function startRedisCluster({
  size = 3,
  withReplicas = false,
  options = [],
}: {
  readonly size?: number;
  readonly withReplicas?: boolean;
  /** More options of all nodes. */
  readonly options?: readonly string[];
} = {}): Promise<RedisCluster> {
  const nodes: Redis[] = [];
  const busPorts = new Map<Redis, number>();
  async function startNode(): Promise<void> {
    const busPort = await freePort();
    const node = await startRedis(false, [
      '--cluster-enabled',
      'yes',
      '--cluster-port',
      String(busPort),
      '--cluster-node-timeout',
      String(NODE_TIMEOUT),
      '--repl-diskless-sync-delay',
      '0',
      ...options,
    ]);
    busPorts.set(node, busPort);
    nodes.push(node);
  }
  const count = withReplicas ? 2 * size : size;
  while (nodes.length < count) await startNode().catch(ignoreTakenPort);
  const [masters, replicas] = [nodes.slice(0, size), nodes.slice(size)];
  const [first] = masters as [Redis];

  async function asks(node: Redis, ...command: string[]): Promise<unknown> {
    const client = createClient({ url: node.url, socket: { reconnectStrategy: false } });
    client.on('error', () => {});
    await client.connect();
    try {
      return await client.sendCommand(command);
    } finally {
      client.destroy();
    }
  }

  const idOf = async (node: Redis) => String(await asks(node, 'CLUSTER', 'MYID'));
  const slotOf = async (name: string) => Number(await asks(first, 'CLUSTER', 'KEYSLOT', name));

  const cluster: RedisCluster = {
    masters,
    replicas,
    rootNodes: masters.map(({ url }) => ({ url })),
    asks,
    async masterOf(name, asked = first) {
      const slot = await slotOf(name);
      const ranges = (await asks(asked, 'CLUSTER', 'SLOTS')) as [
        from: number,
        to: number,
        master: [host: string, port: number],
      ][];
      const range = ranges.find(([from, to]) => from <= slot && slot <= to);
      const master = nodes.find(({ port }) => port === range?.[2][1]);
      if (!master) throw new Error(`No node of the cluster has slot ${slot}.`);
      return master;
    },
    async moves(name, to) {
      const from = await cluster.masterOf(name);
      const slot = String(await slotOf(name));
      const [source, target] = [await idOf(from), await idOf(to)];
      await asks(to, 'CLUSTER', 'SETSLOT', slot, 'IMPORTING', source);
      await asks(from, 'CLUSTER', 'SETSLOT', slot, 'MIGRATING', target);
      for (;;) {
        const keys = (await asks(from, 'CLUSTER', 'GETKEYSINSLOT', slot, '100')) as string[];
        if (keys.length === 0) break;
        const address = ['127.0.0.1', String(to.port), '', '0', '5000'];
        await asks(from, 'MIGRATE', ...address, 'KEYS', ...keys);
      }
      for (const node of [to, from, ...masters])
        await asks(node, 'CLUSTER', 'SETSLOT', slot, 'NODE', target);
    },
    async isWhole() {
      const check = async () => {
        for (const node of nodes) {
          const info = await asks(node, 'CLUSTER', 'INFO').catch(() => 'cluster_state:ok');
          if (!String(info).includes('cluster_state:ok')) throw new Error(String(info));
        }
      };
      await vi.waitFor(check, { interval: 50, timeout: 20_000 });
    },
    async ends() {
      await Promise.all(nodes.map((node) => node.ends()));
    },
  };

  for (const [n, node] of nodes.entries()) {
    await asks(node, 'CLUSTER', 'SET-CONFIG-EPOCH', String(n + 1));
    const [from, to] = [n, n + 1].map((part) => Math.floor((SLOTS * part) / size));
    if (n < size)
      await asks(node, 'CLUSTER', 'ADDSLOTSRANGE', String(from), String(Number(to) - 1));
    const address = ['127.0.0.1', String(node.port), String(busPorts.get(node))];
    if (node !== first) await asks(first, 'CLUSTER', 'MEET', ...address);
  }
  await cluster.isWhole();
  await Promise.all(replicas.map((replica, n) => follows(replica, masters[n] as Redis)));

  /** Makes a node the replica of a master, and waits until it has the data. */
  async function follows(replica: Redis, master: Redis): Promise<void> {
    const id = await idOf(master);
    const patience = { interval: 50, timeout: 20_000 };
    // Until it has heard of the master.
    await vi.waitFor(() => asks(replica, 'CLUSTER', 'REPLICATE', id), patience);
    await vi.waitFor(async () => {
      const info = String(await asks(replica, 'INFO', 'replication'));
      if (!info.includes('master_link_status:up')) throw new Error(`It does not follow: ${info}`);
    }, patience);
  }
  return cluster;
}
