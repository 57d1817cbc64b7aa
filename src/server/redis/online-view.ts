import type { Buffer } from 'node:buffer';
import type { PresenceListener } from '../presence/store.ts';

/** A message of the scripts. It has exactly one of these lists. */
type PresenceMessage = { readonly [List in 'all' | 'online' | 'offline']?: readonly string[] };

/** The identities that are online, according to the messages of Redis. */
export class OnlineView {
  readonly #ids = new Set<string>();

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  list(): string[] {
    return [...this.#ids];
  }

  /**
   * Applies a message of the scripts, and reports the changes to the listener.
   *
   * @throws Error if no script can have published the message.
   */
  apply(data: Buffer, listener: PresenceListener): void {
    const message = parse(data);
    const all = message.all && new Set(message.all);
    const gone = all ? this.list().filter((id) => !all.has(id)) : (message.offline ?? []);
    for (const id of gone) if (this.#ids.delete(id)) listener.offline(id);
    for (const id of all ?? message.online ?? []) {
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
  const { all, online, offline } = message as { [List in keyof PresenceMessage]: unknown };
  const lists = [all, online, offline].filter((list) => list !== undefined);
  return lists.length === 1 && isListOfText(lists[0]);
}

function isListOfText(list: unknown): boolean {
  return Array.isArray(list) && list.every((entry) => typeof entry === 'string');
}
