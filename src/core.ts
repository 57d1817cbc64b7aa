export { shouldReconnect } from './core/machine/backoff.ts';
export type { Clock } from './core/platform/clock.ts';
export { DecodeError, raw } from './core/messages/codec.ts';
export type { Codec, CodecOption, StreamCodec } from './core/messages/codec.ts';
export type { Frame, OutFrame } from './core/link/frame.ts';
export { createConnection } from './core/create-connection.ts';
export type { TopicConnection } from './core/create-connection.ts';
export type { Connection } from './core/connection.ts';
export { RequestError } from './core/extensions/request-error.ts';
export type { RequestFailure } from './core/extensions/request-error.ts';
export { requests } from './core/extensions/requests.ts';
export type { Request, RequestOptions } from './core/extensions/requests.ts';
export type { Extension, Host, HostEvents } from './core/extensions/extension.ts';
export type { OutboxItem } from './core/messages/outbox.ts';
export type { SendOptions } from './core/messages/send-options.ts';
export type { SendResult } from './core/messages/sender.ts';
export type { Cause } from './core/machine/cause.ts';
export type {
  ConnectionOptions,
  HeartbeatOptions,
  OutboxOptions,
  ReconnectOptions,
  RequestProtocol,
  TopicOptions,
} from './core/options/options.ts';
export type {
  DropReason,
  EventArguments,
  EventHandler,
  EventType,
  OpenInfo,
} from './core/messages/events.ts';
export type { Handshake, HandshakeContext } from './core/messages/handshake.ts';
export type { ConnectionActions, OpenHandler } from './core/messages/actions.ts';
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
} from './core/link/link.ts';
