import type {
  NodeAddress,
  RedisClusterClient,
  RedisClusterConnection,
  RedisClusterNode,
  RedisNodeClient,
} from './cluster-client.ts';
import { ANSWER_TIMEOUT, CONNECT_TIMEOUT } from './timing.ts';
import { within } from './waiting.ts';

/** How long what was found counts as new, in milliseconds: all parts of a cluster look for their masters at once. */
const MAX_AGE = 200;

/** When the client that asks a silent node for the others ends. The wait for it ends earlier. */
const SOCKET_TIMEOUT: number = 2 * ANSWER_TIMEOUT;

/** Which node of a cluster is the master of a slot. */
export class ClusterMap {
  readonly #client: RedisClusterClient;
  readonly #options: RedisClusterClient['_options'];
  /** The nodes that can be asked, beside those of the options. */
  #known: readonly object[] = [];
  #masters: Promise<readonly (NodeAddress | undefined)[]> = Promise.resolve([]);
  #newUntil = 0;
  /** A client of a node, of which those of others are copies. */
  #template: RedisNodeClient | undefined;

  constructor(client: RedisClusterClient) {
    const { _options: options } = client;
    this.#client = client;
    this.#options = options;
  }

  /** Makes a client of the master of a slot, with these options. */
  async createClient(
    slot: number,
    { socket, ...options }: { readonly socket?: object },
  ): Promise<RedisNodeClient> {
    if (performance.now() >= this.#newUntil) this.#masters = this.#find();
    const master = (await this.#masters)[slot];
    if (!master || !this.#template) throw new Error(`no master of the cluster has slot ${slot}`);
    return this.#template.duplicate({
      ...options,
      socket: { ...this.#template.options?.socket, ...socket, ...master },
    });
  }

  /** Asks a node, any, for the masters. */
  async #find(): Promise<readonly (NodeAddress | undefined)[]> {
    const cluster = this.#createCluster();
    this.#newUntil = Infinity;
    // The error of `connect()` says only that no node has answered.
    let cause: Error | undefined;
    cluster.on('error', (error) => (cause = error));
    try {
      await within(ANSWER_TIMEOUT, cluster.connect());
      this.#known = [...cluster.masters, ...cluster.replicas].map((node) => ({
        socket: this.#addressOf(node),
      }));
      this.#template ??= await Promise.any(cluster.masters.map((node) => cluster.nodeClient(node)));
      return cluster.slots.map((shard) => shard && this.#addressOf(shard.master));
    } catch (error) {
      throw cause ?? error;
    } finally {
      cluster.destroy();
      this.#newUntil = performance.now() + MAX_AGE;
    }
  }

  #createCluster(): RedisClusterConnection {
    const { rootNodes, defaults } = this.#options;
    const nodes = [...rootNodes, ...this.#known];
    const socket = {
      reconnectStrategy: false,
      connectTimeout: CONNECT_TIMEOUT,
      socketTimeout: SOCKET_TIMEOUT,
    };
    return this.#client.duplicate({
      rootNodes: [nodes[Math.floor(Math.random() * nodes.length)]],
      defaults: { ...defaults, socket: { ...defaults?.socket, ...socket } },
      // Replicas can be asked, too. Otherwise no connections are needed.
      useReplicas: true,
      minimizeConnections: true,
      // A discovery must not clear the cache of the application.
      clientSideCache: undefined,
    });
  }

  #addressOf({ address, host, port }: RedisClusterNode): NodeAddress {
    const { nodeAddressMap: map = {} } = this.#options;
    return (typeof map === 'function' ? map(address) : map[address]) ?? { host, port };
  }
}
