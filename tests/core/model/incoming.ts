import { assert } from './assert.ts';

/** What the server has said on live links, and what the handlers have heard: the same, once, in the same order. */
export class Incoming {
  #said: string[] = [];
  #heard: string[] = [];
  #messages = 0;

  /** A message that no other is like, of a topic or of none. */
  next(topic: string | null): string {
    const id = `s${++this.#messages}`;
    return topic === null ? id : `${topic}:${id}`;
  }

  /** It has arrived on a live link; so many handlers of its topic are to hear it before all others. */
  said(message: string, listeners: number): void {
    for (let index = 0; index < listeners; index++) this.#said.push(`${message} by topic`);
    this.#said.push(message);
  }

  heard(message: string, byTopic = false): void {
    this.#heard.push(byTopic ? `${message} by topic` : message);
  }

  check(): void {
    const heard = this.#heard.join();
    const said = this.#said.join();
    assert(heard === said, `the handlers hear ${heard || 'nothing'} instead of ${said}`);
    this.#said = [];
    this.#heard = [];
  }
}

/** The topic of a message. */
export const topicOf = (message: string): string | null => {
  const end = message.indexOf(':');
  return end < 0 ? null : message.slice(0, end);
};
