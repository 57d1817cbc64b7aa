import { REPLACED } from '../../src/core/protocol/close-codes.ts';
import { LIFELINE } from '../../src/core/protocol/frames.ts';
import { type DeliveryWord, readDeliveryWord } from '../../src/server/protocol/delivery-words.ts';

/** The line to a client. */
export interface Wire {
  send(frame: string): void;
  close(code: number, reason: string): void;
  /** Hands a message to the demo. Returns false if it was lost on the way. */
  receive(message: string): boolean;
}

/** What is remembered of a client. */
interface Outbox {
  taken: number;
  /** Its present link. */
  link: InPageLink | null;
}

interface Visitor {
  readonly owner: string;
  readonly topic: string;
  readonly sender: object;
  readonly wire: Wire;
}

/** The messages of a topic. The first one has the number 1. */
interface Topic {
  /** `author`: who does not get it, which outlives a link with a session. */
  readonly messages: { readonly text: string; readonly author: object | undefined }[];
  readonly links: Set<InPageLink>;
}

/** There is one epoch, since a page that is reloaded has no old clients. */
const EPOCH = 'page';
/** How long a client is waited for that may begin a session, in milliseconds. */
const GREETING_PERIOD = 1_000;
/** How long what was taken is collected before it is confirmed, in milliseconds. */
const COLLECT_PERIOD = 50;
const WINDOW = { messages: 256, bytes: 1_048_576, largest: 65_536 };

/** Sessions and the history of topics for a page without Node, as far as stories need them: texts, and no requests. */
export function createInPageDelivery(): {
  publish(topic: string, text: string, except?: object): void;
  join(visitor: Visitor): InPageLink;
} {
  const outboxes = new Map<string, Outbox>();
  const topics = new Map<string, Topic>();
  const topicOf = (name: string): Topic => {
    const topic = topics.get(name) ?? { messages: [], links: new Set() };
    topics.set(name, topic);
    return topic;
  };
  return {
    publish(name, text, except) {
      const { messages, links } = topicOf(name);
      const author = [...links].find(({ sender }) => sender === except)?.author;
      messages.push({ text, author });
      for (const link of links) link.catchUp();
    },
    join: (visitor) => new InPageLink(visitor, topicOf(visitor.topic), outboxes),
  };
}

/** One connection. It has no session before its first frame has come, and perhaps never. */
class InPageLink {
  readonly #visitor: Visitor;
  readonly #topic: Topic;
  readonly #outboxes: Map<string, Outbox>;
  #isPlain = false;
  #outbox: Outbox | null = null;
  #received = 0;
  #confirmed = 0;
  /** The number of the last message of the topic that it was sent. */
  #position: number;
  #confirmation: ReturnType<typeof setTimeout> | undefined;
  readonly #greeting = setTimeout(() => this.#goOnPlainly(), GREETING_PERIOD);

  constructor(visitor: Visitor, topic: Topic, outboxes: Map<string, Outbox>) {
    this.#visitor = visitor;
    this.#topic = topic;
    this.#outboxes = outboxes;
    this.#position = topic.messages.length;
    topic.links.add(this);
  }

  get sender(): object {
    return this.#visitor.sender;
  }

  get author(): object {
    return this.#outbox ?? this.sender;
  }

  /** Answers a frame; returns false for one that is read as without a session. */
  answers(frame: string): boolean {
    if (this.#isPlain) return false;
    const [header = '', ...lines] = frame.split('\n');
    const word = readDeliveryWord(header);
    if (this.#outbox) return this.#obey(this.#outbox, frame, word, lines.join('\n'));
    if (word?.lifeline === 'positions') {
      for (const [topic, epoch, number] of word.topics)
        if (topic === this.#visitor.topic && epoch === EPOCH) this.#position = number;
    } else if (word?.lifeline === 'session') this.#begin(word);
    else this.#goOnPlainly();
    return !this.#isPlain;
  }

  /** Sends what was said in the topic since the last time. */
  catchUp(): void {
    if (!this.#isPlain && !this.#outbox) return;
    for (const { text, author } of this.#topic.messages.slice(this.#position)) {
      const number = ++this.#position;
      const isOwn = author === this.author;
      if (this.#isPlain && !isOwn) this.#visitor.wire.send(text);
      else if (!this.#isPlain && isOwn) this.#say({ lifeline: 'position', epoch: EPOCH, number });
      else if (!this.#isPlain) this.#say({ lifeline: 'topic', number }, text);
    }
  }

  replaced(): void {
    this.leave();
    this.#visitor.wire.close(REPLACED, 'The session goes on over another connection.');
  }

  leave(): void {
    clearTimeout(this.#greeting);
    clearTimeout(this.#confirmation);
    this.#topic.links.delete(this);
    if (this.#outbox?.link === this) this.#outbox.link = null;
  }

  #goOnPlainly(): void {
    clearTimeout(this.#greeting);
    this.#isPlain = true;
    this.catchUp();
  }

  #begin({ outbox: id, next, epoch: told }: Extract<DeliveryWord, { lifeline: 'session' }>): void {
    clearTimeout(this.#greeting);
    const { owner, wire } = this.#visitor;
    const remembered = this.#outboxes.get(`${owner} ${id}`);
    const outbox = remembered ?? { taken: next - 1, link: null };
    this.#outboxes.set(`${owner} ${id}`, outbox);
    outbox.link?.replaced();
    outbox.link = this;
    this.#outbox = outbox;
    const { taken } = outbox;
    this.#received = this.#confirmed = taken;
    const epoch = EPOCH;
    const known = !!remembered && told === epoch;
    const answer = { lifeline: 'session', id: owner, taken, known, epoch, ...WINDOW };
    wire.send(JSON.stringify(answer));
    this.#say({ lifeline: 'position', epoch: EPOCH, number: this.#position });
    this.catchUp();
  }

  #obey(outbox: Outbox, frame: string, word: DeliveryWord | null, payload: string): boolean {
    if (!frame.startsWith(LIFELINE)) return this.#take(outbox, frame);
    if (word?.lifeline === 'message') return this.#take(outbox, payload);
    if (word?.lifeline === 'uncounted') this.#visitor.wire.receive(payload);
    else if (word?.lifeline === 'skip') this.#received = outbox.taken += word.count;
    else this.#confirm();
    return word?.lifeline === 'uncounted' || word?.lifeline === 'skip';
  }

  #take(outbox: Outbox, message: string): true {
    const number = ++this.#received;
    // What a cut line has swallowed is sent again.
    if (!this.#visitor.wire.receive(message)) return true;
    outbox.taken = number;
    this.#confirmation ??= setTimeout(() => this.#confirm(), COLLECT_PERIOD);
    return true;
  }

  #confirm(): void {
    this.#confirmation = undefined;
    const { taken = 0 } = this.#outbox ?? {};
    if (taken <= this.#confirmed) return;
    this.#confirmed = taken;
    this.#visitor.wire.send(JSON.stringify({ lifeline: 'taken', number: taken }));
  }

  #say(words: { lifeline: string; epoch?: string; number: number }, payload?: string): void {
    const { lifeline, ...position } = words;
    const line = JSON.stringify({ lifeline, topic: this.#visitor.topic, ...position });
    this.#visitor.wire.send(payload === undefined ? line : `${line}\n${payload}`);
  }
}
