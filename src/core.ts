export { shouldReconnect } from './core/machine/backoff.ts';
export type { Clock } from './core/platform/clock.ts';
export { DecodeError, raw } from './core/messages/codec.ts';
export type { Codec, Frame, OutFrame } from './core/messages/codec.ts';
export { createConnection } from './core/create-connection.ts';
export type { TopicConnection } from './core/create-connection.ts';
export type { Connection, Host, SendOptions, SendResult } from './core/connection.ts';
export type { Cause } from './core/machine/cause.ts';
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
} from './core/options/options.ts';
export { json } from './core/messages/json.ts';
export type { JsonOptions } from './core/messages/json.ts';
export type { Signal, Signals } from './core/platform/signals.ts';
export { ReadyState } from './core/machine/snapshot.ts';
export type { Snapshot, Status } from './core/machine/snapshot.ts';
export type {
  AttemptContext,
  PerAttempt,
  Url,
  WebSocketConstructor,
  WebSocketLike,
} from './core/link/websocket-link.ts';
