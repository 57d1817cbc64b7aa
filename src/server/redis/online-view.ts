import type { Buffer } from 'node:buffer';
import type { PresenceListener } from '../presence/store.ts';

const WORDS = ['online', 'offline', 'part', 'last'] as const;

/** A message of the scripts. It has exactly one of these lists. */
type PresenceMessage = { readonly [List in (typeof WORDS)[number]]?: readonly string[] };

/** The identities that are online, according to the messages of Redis. */
export class OnlineView {
  readonly #ids = new Set<string>();
  /** The list that comes in parts, with the changes since its first part; undefined when none is awaited. */
  #newList: Set<string> | undefined;

  /** How many identities are online; undefined while a list is awaited, whose end may change it. */
  get size(): number | undefined {
    return this.#newList ? undefined : this.#ids.size;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  list(): string[] {
    return [...this.#ids];
  }

  /** Called before the first part of a list. What came of an older list is forgotten. */
  startList(): void {
    this.#newList = new Set();
  }

  /**
   * Applies a message of the scripts, and reports the changes to the listener.
   *
   * @throws Error if no script can have published the message.
   */
  apply(data: Buffer, listener: PresenceListener): void {
    const { online = [], offline = [], part = [], last } = parse(data);
    for (const id of [...online, ...part, ...(last ?? [])]) this.#newList?.add(id);
    for (const id of offline) this.#newList?.delete(id);
    this.#change(online, offline, listener);
    const all = this.#newList;
    if (!last || !all) return;
    this.#newList = undefined;
    const gone = this.list().filter((id) => !all.has(id));
    this.#change(all, gone, listener);
  }

  #change(online: Iterable<string>, offline: Iterable<string>, listener: PresenceListener): void {
    for (const id of offline) if (this.#ids.delete(id)) listener.offline(id);
    for (const id of online) {
      if (this.#ids.has(id)) continue;
      this.#ids.add(id);
      listener.online(id);
    }
  }
}

function parse(data: Buffer): PresenceMessage {
  const message: unknown = JSON.parse(String(data));
  if (!isPresenceMessage(message)) throw new TypeError('It has no list of identities.');
  return message;
}

function isPresenceMessage(message: unknown): message is PresenceMessage {
  if (typeof message !== 'object' || message === null) return false;
  const values = message as { [List in keyof PresenceMessage]: unknown };
  const lists = WORDS.map((word) => values[word]).filter((list) => list !== undefined);
  return lists.length === 1 && isListOfText(lists[0]);
}

function isListOfText(list: unknown): boolean {
  return Array.isArray(list) && list.every((entry) => typeof entry === 'string');
}
