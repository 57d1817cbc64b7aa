export type {
  Broadcast,
  BroadcastChannel,
  BroadcastListener,
} from './server/broadcasts/channel.ts';
export type { Refusal as RefusedUpgrade } from './server/admission/refusal.ts';
export { DecodeError } from './core/messages/codec.ts';
export type { Codec } from './core/messages/codec.ts';
export { json } from './core/messages/json.ts';
export type { JsonOptions } from './core/messages/json.ts';
export type { AnyIdentity, Client } from './server/clients/client.ts';
export { refuseWith } from './server/clients/refuse-with.ts';
export type { RefusedClient } from './server/clients/refuse-with.ts';
export type { ServerEvents, ServerListener } from './server/events.ts';
export { memoryHistory } from './server/history/memory-history.ts';
export type { MemoryHistoryOptions } from './server/history/memory-history.ts';
export type {
  HistoryListener,
  HistoryStore,
  Position,
  RecordedMessage,
  TopicMessage,
} from './server/history/store.ts';
export type { MessageId } from './server/sessions/app.ts';
export { memorySessions } from './server/sessions/memory-sessions.ts';
export type { MemorySessionsOptions } from './server/sessions/memory-sessions.ts';
export { Later, Refusal } from './server/sessions/refusal.ts';
export type {
  Forgotten,
  Reply,
  SessionRecord,
  SessionStore,
  SessionStoreListener,
  SharedSessions,
} from './server/sessions/store.ts';
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
export { redisHistory } from './server/redis/history.ts';
export type { RedisHistoryOptions } from './server/redis/history.ts';
export { redisPresence } from './server/redis/presence.ts';
export type { RedisPresenceOptions } from './server/redis/presence.ts';
export { redisSessions } from './server/redis/sessions.ts';
export type { RedisSessionsOptions } from './server/redis/sessions.ts';
export type { ServerStats } from './server/stats/stats.ts';
