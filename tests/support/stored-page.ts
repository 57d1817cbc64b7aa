// The script of a page with a stored outbox: an iframe, which can be closed and opened as a tab can.
import { createConnection } from '../../src/core.ts';
import type { Connection, ConnectionOptions } from '../../src/core.ts';
import { confirmed, indexedDbStore } from '../../src/delivery.ts';

/** What a test reaches of the page. */
export interface StoredPage {
  readonly connection: Connection;
  /** What the application was told, as texts: `confirm a`, `drop b scope` … */
  readonly told: readonly string[];
}

export interface StoredPageOptions extends ConnectionOptions {
  /** The name of the store. */
  readonly store: string;
}

declare global {
  interface Window {
    storedPageOptions?: StoredPageOptions;
    storedPage?: StoredPage;
  }
}

const told: string[] = [];
const { store, ...options } = window.storedPageOptions as StoredPageOptions;
const connection = createConnection({
  reconnect: { minDelay: 20, baseDelay: 0 },
  heartbeat: { interval: 500, timeout: 5_000 },
  ...options,
  delivery: confirmed({ store: indexedDbStore(store) }),
  onConfirm: (messages) => told.push(`confirm ${messages.join()}`),
  onUncertain: (messages) => told.push(`uncertain ${messages.join()}`),
  onDrop: (messages, reason) => told.push(`drop ${messages.join()} ${reason}`),
  onError: (error) => told.push(`error ${error.message}`),
});
connection.open();
window.storedPage = { connection, told };
