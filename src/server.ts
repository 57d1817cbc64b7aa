export type {
  Broadcast,
  BroadcastChannel,
  BroadcastListener,
} from './server/broadcasts/channel.ts';
export type { Refusal } from './server/admission/refusal.ts';
export { DecodeError } from './core/messages/codec.ts';
export type { Codec } from './core/messages/codec.ts';
export { json } from './core/messages/json.ts';
export type { JsonOptions } from './core/messages/json.ts';
export type { AnyIdentity, Client } from './server/clients/client.ts';
export { refuseWith } from './server/clients/refuse-with.ts';
export type { RefusedClient } from './server/clients/refuse-with.ts';
export type { ServerEvents, ServerListener } from './server/events.ts';
export { createLifelineServer } from './server/lifeline-server.ts';
export type { BroadcastOptions, LifelineServer } from './server/lifeline-server.ts';
export type { InvalidMessage } from './server/messages/invalid-message.ts';
export type { Rate } from './server/limits/rate.ts';
export type { Origins, Protocols, ServerOptions, UpgradePath } from './server/options/options.ts';
export { memoryPresence } from './server/presence/memory-presence.ts';
export type { MemoryPresenceOptions } from './server/presence/memory-presence.ts';
export type { ServerPresence } from './server/server-presence.ts';
export type {
  PresenceListener,
  PresenceStore,
  TopicListener,
  TopicPresence,
} from './server/presence/store.ts';
export { redisBroadcast } from './server/redis/broadcast.ts';
export type { RedisBroadcastOptions } from './server/redis/broadcast.ts';
export type { RedisClient, RedisConnection } from './server/redis/client.ts';
export type { RedisClusterClient } from './server/redis/cluster-client.ts';
export { redisPresence } from './server/redis/presence.ts';
export type { RedisPresenceOptions } from './server/redis/presence.ts';
export type { ServerStats } from './server/stats/stats.ts';
