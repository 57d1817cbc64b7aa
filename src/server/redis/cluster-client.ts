import type { RedisConnection } from './client.ts';

/**
 * The part of a cluster client that is used: its options, and how it finds the masters. The result of `createCluster()` of the
 * package `redis` 5 or 6 matches it.
 */
export interface RedisClusterClient {
  /** The options that the client was made with. */
  readonly _options: ClusterOptions;
  /** Makes another client, in which the given options replace those of this client. */
  duplicate(options: object): RedisClusterConnection;
  /** Connects to a node. */
  nodeClient(node: RedisClusterNode): Promise<unknown>;
  /** Adds a listener. */
  on(type: 'error', listener: (error: Error) => void): unknown;
  /** Removes a listener. */
  off(type: 'error', listener: (error: Error) => void): unknown;
}

/** The options of a cluster client that are used. */
interface ClusterOptions {
  readonly rootNodes: readonly object[];
  readonly defaults?: { readonly socket?: object | undefined } | undefined;
  readonly nodeAddressMap?:
    | Readonly<Record<string, NodeAddress>>
    | ((address: string) => NodeAddress | undefined)
    | undefined;
}

/** Where a node can be reached. */
export interface NodeAddress {
  readonly host: string;
  readonly port: number;
}

/** A node of a cluster, with its address as the cluster knows it. */
export interface RedisClusterNode extends NodeAddress {
  readonly address: string;
}

/** A cluster client that knows the nodes once it is connected. */
export interface RedisClusterConnection {
  /** The master of each slot. */
  readonly slots: readonly ({ readonly master: RedisClusterNode } | undefined)[];
  readonly masters: readonly RedisClusterNode[];
  readonly replicas: readonly RedisClusterNode[];
  on(type: 'error', listener: (error: Error) => void): unknown;
  connect(): Promise<unknown>;
  nodeClient(node: RedisClusterNode): Promise<RedisNodeClient>;
  destroy(): void;
}

/** The client of a node, which can use sharded channels. */
export interface RedisNodeClient extends Omit<RedisConnection, 'on' | 'subscribe' | 'unsubscribe'> {
  readonly options?: { readonly socket?: object | undefined } | undefined;
  duplicate(options: object): RedisNodeClient;
  on(type: 'error' | 'sharded-channel-moved', listener: (error: Error) => void): unknown;
  sSubscribe: RedisConnection['subscribe'];
  sUnsubscribe: RedisConnection['unsubscribe'];
}
