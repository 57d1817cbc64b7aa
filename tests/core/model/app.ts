import type { ConnectionOptions, SendResult, TopicConnection, Url } from '../../../src/core.ts';
import { shouldReconnect } from '../../../src/core.ts';
import { inWords, simulate, type World } from '../../support/simulation/world.ts';
import { assert } from './assert.ts';
import { type Answer, ASK, CONNECT_TIMEOUT, type Heartbeat, type Setup } from './setup.ts';
import { Incoming, topicOf } from './incoming.ts';
import { Ledger } from './ledger.ts';
import { type Culprit, Mishaps } from './mishaps.ts';
import { isFollowed, type Moment, type Wish } from './steps.ts';
import { isRequest } from './topics.ts';

/** Long enough for much to happen between a question and its answer, in milliseconds. */
const LATENCY = 100;

type Options = ConnectionOptions<string, string>;

/** The application: what it wants of its connection, what its handlers hear and do, and where its code throws. */
export class App {
  readonly world: World<string, string>;
  readonly ledger = new Ledger();
  readonly incoming = new Incoming();
  /** What has come to pass that does not in every history. */
  readonly seen = new Set<string>();
  readonly mishaps = new Mishaps(this.seen);
  /** The events of the connection in words, as the model tells them. */
  events: string[] = [];
  /** What handlers are to do the next time that they are called, and what the model is still to hear of that. */
  readonly plan = new Map<Moment, Wish>();
  readonly planOfModel = new Map<Moment, Wish>();
  /** Whether the phase should have ended: whoever sends then ends it, which the model must be told. */
  isOverdue: () => boolean = () => false;
  /** Called when a link is found dead. */
  onVerdict: () => void = () => {};
  /** Whether the snapshot was said to have changed. */
  isNotified = false;
  /** Whether its code has thrown instead of listening to the signals. */
  isDeaf = false;
  heartbeat: Heartbeat;
  /** Since when the link, for all that its server says, could be dead. */
  quietSince = 0;
  /** When the first hint came that has not been followed by a sign of life. */
  hintedAt = -Infinity;
  /** How often the wall clock has run ahead since, asleep or not: each time it may ask anew. */
  jumpsSinceHint = 0;
  /** When the heartbeat last asked. */
  pingedAt = 0;
  /** What the url function says, and what it said the last time. */
  answer: Answer = 'ws://a.test/live';
  answered: Answer = 'never';

  /** What its code has thrown on: `decode 7`, `topics.of 7`, `pong 7`. */
  readonly #spoilt = new Set<string>();
  #calls = 0;
  readonly #releases: (() => void)[] = [];
  readonly #leaves = new Map<string, (() => void)[]>();

  constructor(setup: Setup) {
    this.heartbeat = setup.heartbeat;
    this.world = simulate<string, string>(this.#options(setup));
    this.world.network.latency = LATENCY;
    this.#listen(this.world.connection);
  }

  /** Whether its code has thrown on a frame. */
  hasThrown(culprit: Culprit, frame: string): boolean {
    return this.#spoilt.delete(`${culprit} ${frame}`);
  }

  does(wish: Wish): void {
    const { connection } = this.world;
    switch (wish.wish) {
      case 'send':
        this.send(wish.queue);
        return;
      case 'point':
        return connection.update({ url: this.#urlOf(wish.at), scope: wish.as });
      case 'heartbeat':
        this.heartbeat = wish.is;
        return connection.update({ heartbeat: this.#heartbeatOf(wish.is) });
      case 'retain':
        this.#releases.push(connection.retain());
        return;
      case 'release':
        return this.#releases.pop()?.();
      case 'listen':
        return this.#listenTo(wish.topic);
      case 'leave':
        return this.#leaves.get(wish.topic)?.pop()?.();
      default:
        return connection[wish.wish]();
    }
  }

  /** What became of a message; null if encoding it threw. */
  send(queue: boolean): SendResult | null {
    const { connection } = this.world;
    const { scope } = connection;
    const id = this.ledger.nextId();
    try {
      const result = connection.send(id, { queue });
      this.ledger.enter(id, result, scope);
      return result;
    } catch (error) {
      this.mishaps.heard(error, 'the caller');
      return null;
    }
  }

  // ── What it hears.

  #listen(connection: TopicConnection<string, string>): void {
    connection.on('open', ({ reconnected, downtime }) => {
      assert(connection.socket !== null && this.#received().length === 0, 'is late with open');
      assert(downtime >= 0 && (reconnected || downtime === 0), `was down for ${downtime} ms`);
      this.events.push(reconnected ? 'open again' : 'open');
      this.#handle('open');
    });
    connection.on('close', (cause, final) => {
      this.events.push(`close ${inWords(cause)}${final ? ' finally' : ''}`);
      if (cause.kind === 'timeout' && cause.phase === 'heartbeat') this.#judged();
      this.#handle('close');
    });
    connection.on('message', (message) => {
      this.incoming.heard(message);
      this.#handle('message');
    });
    connection.on('error', (error) => this.mishaps.heard(error.cause ?? error, 'the error event'));
    connection.on('flush', (messages) => {
      this.seen.add('flush');
      this.ledger.flushes(messages);
      this.#handle('flush');
    });
    connection.on('drop', (messages, reason) => {
      this.seen.add(`drop: ${reason}`);
      this.ledger.drops(messages);
      const isTaken = connection.socket?.readyState === 1;
      assert(reason !== 'overflow' || !isTaken, 'drops what overflows although the link is open');
      this.#handle('drop');
    });
    connection.subscribe(() => {
      this.isNotified = true;
      this.#handle('change');
    });
    connection.subscribe(() => this.mishaps.at('subscriber'));
  }

  #judged(): void {
    this.seen.add('found dead');
    this.onVerdict();
  }

  #listenTo(topic: string): void {
    const { connection } = this.world;
    const leave = connection.onTopic(topic, (message) => {
      assert(topicOf(message) === topic, `${topic} hears ${message}`);
      this.seen.add('message of a topic');
      this.incoming.heard(message, true);
      this.#handle('topic');
      this.mishaps.at('topic handler');
    });
    this.#leaves.set(topic, [...(this.#leaves.get(topic) ?? []), leave]);
  }

  #handle(when: Moment): void {
    const wish = this.plan.get(when);
    if (!isFollowed(when) && this.isOverdue()) return;
    this.plan.delete(when);
    // In the very call of retain() there is nothing to release yet.
    if (wish?.wish === 'release' && this.#releases.length === 0) this.planOfModel.delete(when);
    else if (wish) this.does(wish);
  }

  #received(): readonly unknown[] {
    return this.world.network.server.received;
  }

  // ── What it has the connection call.

  #options(setup: Setup): Options {
    const { mishaps } = this;
    const { reconnect, ...rest } = setup;
    return {
      ...rest,
      url: this.#urlOf(setup.url),
      connectTimeout: CONNECT_TIMEOUT,
      outbox: { maxMessages: setup.maxMessages },
      heartbeat: this.#heartbeatOf(setup.heartbeat),
      reconnect: reconnect && {
        ...(reconnect === true ? {} : reconnect),
        shouldReconnect(...failure) {
          mishaps.at('shouldReconnect');
          return shouldReconnect(...failure);
        },
      },
      signals: (listener) => {
        mishaps.at('signals', 'reportError', () => (this.isDeaf = true));
        this.isDeaf = false;
        const end = this.world.signals.listen(listener);
        return () => {
          end();
          mishaps.at('end of signals');
        };
      },
      codec: {
        encode: (message) => {
          if (isRequest(message)) this.#asks('encode');
          else {
            mishaps.at('encode', 'the caller');
            this.ledger.encodes(message);
          }
          return message;
        },
        decode: (frame) => {
          this.#reads('decode', frame as string);
          return frame as string;
        },
      },
      topics: {
        of: (message) => {
          this.#reads('topics.of', message);
          return topicOf(message);
        },
        subscribe: (topics) => {
          this.#asks('topics.subscribe');
          return [`+${topics.join()}`];
        },
        unsubscribe: (topics) => {
          this.#asks('topics.unsubscribe');
          return [`-${topics.join()}`];
        },
      },
      onOpen: () => mishaps.at('onOpen'),
      onMessage: () => mishaps.at('onMessage'),
      onClose: () => mishaps.at('onClose'),
      onError: () => mishaps.at('onError'),
      onFlush: () => mishaps.at('onFlush'),
      onDrop: () => mishaps.at('onDrop'),
    };
  }

  /** Stands where frames and messages are read. */
  #reads(culprit: 'decode' | 'topics.of' | 'pong', frame: string): void {
    const ear = culprit === 'pong' ? 'reportError' : 'the error event';
    this.mishaps.at(culprit, ear, () => this.#spoilt.add(`${culprit} ${frame}`));
  }

  /** Stands where topics are asked for. */
  #asks(culprit: 'encode' | 'topics.subscribe' | 'topics.unsubscribe'): void {
    this.mishaps.at(culprit, 'reportError', () => {
      this.ledger.asked(this.world.network.socket).isSpoilt = true;
    });
  }

  #heartbeatOf(heartbeat: Heartbeat): Options['heartbeat'] {
    return (
      heartbeat && {
        ...heartbeat,
        ping: heartbeat.ping === null ? null : () => this.#ping(),
        pong: (frame) => {
          this.#reads('pong', frame as string);
          return frame === 'pong';
        },
      }
    );
  }

  #ping(): string {
    this.mishaps.at('ping', 'reportError', () => (this.quietSince = this.world.clock.now()));
    this.pingedAt = this.world.clock.now();
    return 'ping';
  }

  #urlOf(url: Setup['url']): string | null | (() => Url | Promise<Url>) {
    if (url !== ASK) return url;
    return () => {
      this.answered = this.answer;
      switch (this.answer) {
        case 'null':
          return null;
        case 'never':
          return new Promise(() => {});
        case 'reject':
          return Promise.reject(Object.assign(new Error('no'), { name: 'AuthError' }));
        default:
          return `${this.answer}?call=${++this.#calls}`;
      }
    };
  }
}
