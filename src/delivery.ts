export { confirmed } from './core/delivery/confirmed.ts';
export type { ConfirmedOptions } from './core/delivery/confirmed.ts';
export { indexedDbStore } from './core/delivery/indexed-db-store.ts';
export { outboxStore } from './core/delivery/stored-session.ts';
export type { StoreOption } from './core/delivery/stored-session.ts';
export type {
  OutboxState,
  OutboxStore,
  OwnedOutbox,
  StoredMessage,
} from './core/delivery/outbox-store.ts';
