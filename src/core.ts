export { shouldReconnect } from './core/backoff.ts';
export type { Clock } from './core/clock.ts';
export { DecodeError, raw } from './core/codec.ts';
export type { Codec, Frame, OutFrame } from './core/codec.ts';
export { createConnection } from './core/create-connection.ts';
export type { TopicConnection } from './core/create-connection.ts';
export type { Connection, Host, SendOptions, SendResult } from './core/connection.ts';
export type { Cause } from './core/cause.ts';
export type {
  ConnectionOptions,
  DropReason,
  EventArguments,
  EventHandler,
  EventType,
  HeartbeatOptions,
  OpenInfo,
  OutboxOptions,
  ReconnectOptions,
  TopicOptions,
} from './core/options.ts';
export { json } from './core/json.ts';
export type { JsonOptions } from './core/json.ts';
export type { Signal, Signals } from './core/signals.ts';
export { ReadyState } from './core/snapshot.ts';
export type { Snapshot, Status } from './core/snapshot.ts';
export type {
  AttemptContext,
  PerAttempt,
  Url,
  WebSocketConstructor,
  WebSocketLike,
} from './core/transport.ts';
