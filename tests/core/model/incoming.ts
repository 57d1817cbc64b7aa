import { assert } from './assert.ts';

/** Messages that the server sent on live links, and those that handlers got: both lists must be equal. */
export class Incoming {
  #sent: string[] = [];
  #delivered: string[] = [];
  #messages = 0;

  /** A new message, of a topic or of none. */
  next(topic: string | null): string {
    const id = `s${++this.#messages}`;
    return topic === null ? id : `${topic}:${id}`;
  }

  /** A message has arrived on a live link. The given number of topic handlers must get it before all others. */
  sent(message: string, listeners: number): void {
    for (let index = 0; index < listeners; index++) this.#sent.push(`${message} by topic`);
    this.#sent.push(message);
  }

  /** A handler got a message. */
  delivered(message: string, byTopic = false): void {
    this.#delivered.push(byTopic ? `${message} by topic` : message);
  }

  check(): void {
    const delivered = this.#delivered.join();
    const sent = this.#sent.join();
    assert(delivered === sent, `handlers get ${delivered || 'nothing'} instead of ${sent}`);
    this.#sent = [];
    this.#delivered = [];
  }
}

/** The topic of a message. */
export const topicOf = (message: string): string | null => {
  const end = message.indexOf(':');
  return end < 0 ? null : message.slice(0, end);
};
