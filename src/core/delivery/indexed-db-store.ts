import { FULL_TEXTS } from '../platform/texts.ts';
import type { OutboxState, OwnedOutbox, StoredMessage } from './outbox-store.ts';
import type { StoreOption } from './stored-session.ts';
import { outboxStore } from './stored-session.ts';
import { newOutbox } from './new-outbox.ts';

/** The object stores: outboxes by their key, messages by key and number. */
const OUTBOXES = 'outboxes';
const MESSAGES = 'messages';

/**
 * Stores the outbox in IndexedDB: messages that were not confirmed when the page was closed are sent when it is opened again. It needs
 * the option `scope`. Each tab has an outbox of its own, and takes up one that no tab owns; Web Locks tell, so that the page must come
 * by https. Where that is not possible, nothing is stored, and an `error` event says so.
 *
 * @param name - The name of the store. Pages of an origin that give the same name share it. Connections to different servers need
 * different names: one takes over, or clears, what another one has left.
 * @example
 * ```tsx
 * <WebSocketProvider url={url} scope={user.id} delivery={confirmed({ store: indexedDbStore('chat') })}>
 * ```
 */
export const indexedDbStore = (name: string): StoreOption =>
  outboxStore({ load: (scope) => load(`react-lifeline:${name}`, scope) });

/** An outbox as it is stored. */
interface Found {
  readonly key: string;
  readonly state?: OutboxState;
  readonly messages: StoredMessage[];
}

async function load(name: string, scope: string): Promise<OwnedOutbox> {
  const { locks } = globalThis.navigator ?? {};
  if (!locks) throw new Error(NO_LOCKS);
  const database = await open(name);
  try {
    // One at a time: nobody takes what another one has just found.
    return await locks.request(name, async () => {
      const { held = [] } = await locks.query();
      const owners = new Set(held.map((lock) => lock.name));
      const found = await choose(database, scope, (key) => !owners.has(`${name}:${key}`));
      const unlock = await hold(locks, `${name}:${found.key}`);
      return own(database, found, unlock);
    });
  } catch (error) {
    database.close();
    throw error;
  }
}

async function open(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(OUTBOXES);
    request.result.createObjectStore(MESSAGES);
  };
  const database = await resultOf(request);
  // Another tab deletes the database, or has a newer version of it, and waits for this one.
  database.onversionchange = () => database.close();
  return database;
}

/** Holds a lock until the returned function is called, or the page ends. */
const hold = (locks: LockManager, name: string): Promise<() => void> =>
  new Promise((resolve, reject) => {
    const held = locks.request(name, () => new Promise<void>((unlock) => resolve(unlock)));
    held.catch(reject);
  });

function transact(database: IDBDatabase) {
  const transaction = database.transaction([OUTBOXES, MESSAGES], 'readwrite');
  const done = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('AbortError'));
  });
  const outboxes = transaction.objectStore(OUTBOXES);
  return { transaction, outboxes, messages: transaction.objectStore(MESSAGES), done };
}

const resultOf = <Value>(request: IDBRequest<Value>): Promise<Value> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** The keys of all messages of an outbox: a list is behind all numbers. */
const allOf = (key: string) => IDBKeyRange.bound([key], [key, []]);

/** Whether some of its messages may have been sent: they cannot go out as those of another outbox. */
const mayHaveSent = ({ state, messages }: Found) =>
  messages.some(({ number }) => number <= (state?.sent ?? 0));

/** Finds an outbox that nobody owns: first one of another scope. Those of which nothing was sent become a part of it. */
async function choose(
  database: IDBDatabase,
  scope: string,
  isFree: (key: string) => boolean,
): Promise<Found> {
  const { outboxes, messages, done } = transact(database);
  const [keys, states] = await Promise.all([
    resultOf(outboxes.getAllKeys()) as Promise<string[]>,
    resultOf(outboxes.getAll()) as Promise<OutboxState[]>,
  ]);
  const found: Found[] = await Promise.all(
    keys.map(async (key, at) => ({
      key,
      state: states[at] as OutboxState,
      messages: (await resultOf(messages.getAll(allOf(key)))) as StoredMessage[],
    })),
  );
  const free = found.filter(({ key }) => isFree(key));
  const strange = free.find(({ state }) => state?.scope !== scope);
  const chosen = strange ?? free.find(mayHaveSent) ?? free[0];
  if (!chosen || strange) return chosen ?? { key: newOutbox(), messages: [] };
  let last = Math.max(chosen.state?.sent ?? 0, chosen.messages.at(-1)?.number ?? 0);
  for (const other of free) {
    if (other === chosen || mayHaveSent(other)) continue;
    for (const message of other.messages) {
      const moved = { ...message, number: ++last };
      messages.put(moved, [chosen.key, last]);
      chosen.messages.push(moved);
    }
    outboxes.delete(other.key);
    messages.delete(allOf(other.key));
  }
  await done;
  return chosen;
}

function own(database: IDBDatabase, found: Found, unlock: () => void): OwnedOutbox {
  const { key, state, messages: stored } = found;
  let current: ReturnType<typeof transact> | undefined;
  let last: Promise<void> = Promise.resolve();

  /** What is written in one task is one change. A page that is left may not get the time to say so later. */
  async function commitSoon({ transaction }: ReturnType<typeof transact>): Promise<void> {
    await Promise.resolve();
    current = undefined;
    transaction.commit?.();
  }

  // Not async inside: a message is copied before its sender can change it.
  async function write(
    change: (outboxes: IDBObjectStore, messages: IDBObjectStore) => void,
  ): Promise<void> {
    if (!current) {
      const begun = transact(database);
      current = begun;
      last = begun.done.catch(() => {});
      void commitSoon(begun).catch(() => {});
    }
    const { outboxes, messages, done } = current;
    change(outboxes, messages);
    return done;
  }

  return {
    state,
    messages: stored,
    put: (next, message) =>
      write((outboxes, messages) => {
        outboxes.put(next, key);
        if (message) messages.put(message, [key, message.number]);
      }),
    remove: (numbers) =>
      write((_, messages) => {
        for (const number of numbers) messages.delete([key, number]);
      }),
    clear: () =>
      write((outboxes, messages) => {
        outboxes.delete(key);
        messages.delete(allOf(key));
      }),
    release() {
      // It waits for what is being written.
      database.close();
      void last.then(unlock);
    },
  };
}

const NO_LOCKS = FULL_TEXTS
  ? 'this page has no navigator.locks, by which tabs know what is theirs: serve it by https.'
  : 'no navigator.locks.';
