import type {
  ConnectionOptions,
  HandshakeContext,
  SendResult,
  TopicConnection,
  Url,
} from '../../../src/core.ts';
import { shouldReconnect } from '../../../src/core.ts';
import { describeCause, simulate, type World } from '../../support/simulation/world.ts';
import { assert } from './assert.ts';
import {
  type Answer,
  URL_FUNCTION,
  CONNECT_TIMEOUT,
  type Heartbeat,
  LOGIN,
  REFUSAL,
  type Setup,
} from './setup.ts';
import { Incoming, topicOf } from './incoming.ts';
import { Ledger } from './ledger.ts';
import { type UserCode, AppErrors } from './app-errors.ts';
import { isModelled, type Trigger, type Action } from './steps.ts';
import { isRequest } from './topics.ts';

/** The latency of the network in milliseconds: long enough for much to happen between a frame and its answer. */
const LATENCY = 100;

type Options = ConnectionOptions<string, string>;

/** The application: its calls, what its handlers get and do, and where its code throws. */
export class App {
  readonly world: World<string, string>;
  readonly ledger = new Ledger();
  readonly incoming = new Incoming();
  /** The rare things that have happened. */
  readonly seen = new Set<string>();
  readonly errors = new AppErrors(this.seen);
  /** What the url function and the handshake reject with. */
  readonly #rejection = Object.assign(new Error('no'), { name: 'AuthError' });
  /** How many `error` events it has led to since the last `close` event. */
  #rejections = 0;
  /** The events of the connection as texts, in the form of the model. */
  events: string[] = [];
  /** What each handler does when it is called next, and the same for the model, which learns of it in its own order. */
  readonly actionsOfHandlers = new Map<Trigger, Action>();
  readonly actionsOfModel = new Map<Trigger, Action>();
  /** Whether the deadline of the phase has passed. A send then ends the phase, which the model does not foresee. */
  isOverdue: () => boolean = () => false;
  /** Called when a link is found dead. */
  onFoundDead: () => void = () => {};
  /** Whether subscribers were notified since the last check. */
  isNotified = false;
  /** Whether its `signals` function has thrown, so that nobody listens to them. */
  signalsThrew = false;
  heartbeat: Heartbeat;
  /** When the connection last had a reason other than a frame to take the link for alive. */
  silenceRestartedAt = 0;
  /** When the first signal of the page came after the last sign of life. */
  signalledAt = -Infinity;
  /** How often the wall clock has jumped ahead since that signal. Each time, another ping is allowed. */
  jumpsSinceSignal = 0;
  /** When the last ping was sent. */
  pingedAt = 0;
  /** When the oldest ping without a pong was sent on this link. */
  #unansweredSince: number | null = null;
  /** The longest time from a ping to its pong on this link. */
  slowestAnswer = 0;
  /** How often the heartbeat has ended a link. */
  deaths = 0;
  /** What the url function answers next, and what it answered last. */
  answer: Answer = 'ws://a.test/live';
  answered: Answer = 'never';

  /** Whether the handshake of the newest link has thrown. */
  handshakeThrew = false;

  /** The frames on which its code has thrown: `decode 7`, `topics.of 7`, `pong 7`. */
  readonly #threwOn = new Set<string>();
  #calls = 0;
  /** The socket of the newest link that was open for everybody. */
  #openSocket: TopicConnection['socket'] = null;
  readonly #releases: (() => void)[] = [];
  readonly #leaves = new Map<string, (() => void)[]>();

  constructor(setup: Setup) {
    this.heartbeat = setup.heartbeat;
    this.world = simulate<string, string>(this.#options(setup));
    this.world.network.latency = LATENCY;
    this.#listen(this.world.connection);
  }

  /** Whether the given code has thrown on a frame. Answers once. */
  hasThrown(code: UserCode, frame: string): boolean {
    return this.#threwOn.delete(`${code} ${frame}`);
  }

  perform(action: Action): void {
    const { connection } = this.world;
    switch (action.action) {
      case 'send':
        this.send(action.queue);
        return;
      case 'update':
        return connection.update({ url: this.#urlOf(action.url), scope: action.scope });
      case 'configure':
        this.heartbeat = action.heartbeat;
        return connection.update({ heartbeat: this.#heartbeatOf(action.heartbeat) });
      case 'limit':
        return connection.update({ reconnect: this.#reconnectOf(action.reconnect) });
      case 'retain':
        this.#releases.push(connection.retain());
        return;
      case 'release':
        return this.#releases.pop()?.();
      case 'listen':
        return this.#listenTo(action.topic);
      case 'leave':
        return this.#leaves.get(action.topic)?.pop()?.();
      default:
        return connection[action.action]();
    }
  }

  /** Sends a message and returns the result; null if encoding it threw. */
  send(queue: boolean): SendResult | null {
    const { connection } = this.world;
    const { scope } = connection;
    const id = this.ledger.nextId();
    try {
      const result = connection.send(id, { queue });
      this.ledger.record(id, result, scope);
      return result;
    } catch (error) {
      this.errors.arrived(error, 'the caller');
      return null;
    }
  }

  // ── Its handlers.

  #listen(connection: TopicConnection<string, string>): void {
    connection.on('open', ({ reconnected, downtime }) => {
      this.#openSocket = connection.socket;
      this.#unansweredSince = null;
      this.slowestAnswer = 0;
      assert(
        connection.socket !== null && this.#received().every((frame) => frame === LOGIN),
        'emits open after a frame was sent',
      );
      assert(downtime >= 0 && (reconnected || downtime === 0), `has a downtime of ${downtime} ms`);
      this.events.push(reconnected ? 'open again' : 'open');
      this.#handle('open');
    });
    connection.on('close', (cause, final) => {
      const words = describeCause(cause);
      this.events.push(`close ${words}${final ? ' final' : ''}`);
      assert(
        this.#rejections === Number(words === 'AuthError') ||
          // A wait that other options end is a second, final end for the same cause.
          (final && this.#rejections === 0),
        `${words} after ${this.#rejections} error events of the url function`,
      );
      this.#rejections = 0;
      if (cause.kind === 'timeout' && cause.phase === 'heartbeat') this.#foundDead();
      this.#handle('close');
    });
    connection.on('message', (message) => {
      this.incoming.delivered(message);
      this.#handle('message');
    });
    connection.on('error', (error) => {
      if (error === this.#rejection) this.#rejections++;
      else this.errors.arrived(error.cause ?? error, 'the error event');
    });
    connection.on('flush', (messages) => {
      this.seen.add('flush');
      this.ledger.flushes(messages);
      this.#handle('flush');
    });
    connection.on('drop', (messages, reason) => {
      this.seen.add(`drop: ${reason}`);
      this.ledger.drops(messages);
      const { socket } = connection;
      const isOpen = socket === this.#openSocket && socket?.readyState === 1;
      assert(reason !== 'overflow' || !isOpen, 'drops on overflow although the link is open');
      this.#handle('drop');
    });
    connection.subscribe(() => {
      this.isNotified = true;
      this.#handle('change');
    });
    connection.subscribe(() => this.errors.mayThrow('subscriber'));
  }

  #foundDead(): void {
    this.seen.add('found dead');
    this.deaths++;
    this.onFoundDead();
  }

  #listenTo(topic: string): void {
    const { connection } = this.world;
    const leave = connection.onTopic(topic, (message) => {
      assert(topicOf(message) === topic, `a listener of ${topic} gets ${message}`);
      this.seen.add('message of a topic');
      this.incoming.delivered(message, true);
      this.#handle('topic');
      this.errors.mayThrow('topic handler');
    });
    this.#leaves.set(topic, [...(this.#leaves.get(topic) ?? []), leave]);
  }

  #handle(trigger: Trigger): void {
    const action = this.actionsOfHandlers.get(trigger);
    if (!isModelled(trigger) && this.isOverdue()) return;
    this.actionsOfHandlers.delete(trigger);
    // During the call of retain() there is no release function yet.
    if (action?.action === 'release' && this.#releases.length === 0)
      this.actionsOfModel.delete(trigger);
    else if (action) this.perform(action);
  }

  #received(): readonly unknown[] {
    return this.world.network.server.received;
  }

  // ── Its options, with the functions that the connection calls.

  #options(setup: Setup): Options {
    const { errors } = this;
    const { reconnect, maxMessages, isPrerendered, hasHandshake, ...rest } = setup;
    if (isPrerendered) hidePage();
    else showPage();
    return {
      ...rest,
      url: this.#urlOf(setup.url),
      connectTimeout: CONNECT_TIMEOUT,
      outbox: { maxMessages },
      handshake: hasHandshake ? (context) => this.#logIn(context) : undefined,
      heartbeat: this.#heartbeatOf(setup.heartbeat),
      reconnect: this.#reconnectOf(reconnect),
      signals: (listener) => {
        errors.mayThrow('signals', 'reportError', () => (this.signalsThrew = true));
        this.signalsThrew = false;
        const end = this.world.signals.listen(listener);
        return () => {
          end();
          errors.mayThrow('end of signals');
        };
      },
      codec: {
        encode: (message) => {
          if (message === LOGIN) return message;
          if (isRequest(message)) this.#mayThrowInRequest('encode');
          else {
            errors.mayThrow('encode', 'the caller');
            this.ledger.encodes(message);
          }
          return message;
        },
        decode: (frame) => {
          this.#mayThrowOn('decode', frame as string);
          return frame as string;
        },
      },
      topics: {
        of: (message) => {
          this.#mayThrowOn('topics.of', message);
          return topicOf(message);
        },
        subscribe: (topics) => {
          this.#mayThrowInRequest('topics.subscribe');
          return [`+${topics.join()}`];
        },
        unsubscribe: (topics) => {
          this.#mayThrowInRequest('topics.unsubscribe');
          return [`-${topics.join()}`];
        },
      },
      onOpen: () => errors.mayThrow('onOpen'),
      onMessage: () => errors.mayThrow('onMessage'),
      onClose: () => errors.mayThrow('onClose'),
      onError: () => errors.mayThrow('onError'),
      onFlush: () => errors.mayThrow('onFlush'),
      onDrop: () => errors.mayThrow('onDrop'),
    };
  }

  /** Called where frames and messages are read. */
  #mayThrowOn(code: 'decode' | 'topics.of' | 'pong', frame: string): void {
    const recipient = code === 'pong' ? 'reportError' : 'the error event';
    this.errors.mayThrow(code, recipient, () => this.#threwOn.add(`${code} ${frame}`));
  }

  /** Called where topics are subscribed to or unsubscribed from. */
  #mayThrowInRequest(code: 'encode' | 'topics.subscribe' | 'topics.unsubscribe'): void {
    this.errors.mayThrow(code, 'reportError', () => {
      this.ledger.subscriptionsOf(this.world.network.socket).hasThrown = true;
    });
  }

  #heartbeatOf(heartbeat: Heartbeat): Options['heartbeat'] {
    return (
      heartbeat && {
        ...heartbeat,
        ping: heartbeat.ping === null ? null : () => this.#ping(),
        pong: (frame) => {
          this.#mayThrowOn('pong', frame as string);
          if (frame === 'pong') this.#noteAnswer();
          return frame === 'pong';
        },
      }
    );
  }

  #reconnectOf(reconnect: Setup['reconnect']): Options['reconnect'] {
    const { errors } = this;
    return (
      reconnect && {
        ...(reconnect === true ? {} : reconnect),
        shouldReconnect(...failure) {
          errors.mayThrow('shouldReconnect');
          return shouldReconnect(...failure);
        },
      }
    );
  }

  async #logIn({ send, receive, signal }: HandshakeContext<string, string>): Promise<void> {
    this.handshakeThrew = false;
    // What arrives before the first receive() must wait for it.
    await Promise.resolve();
    if (signal.aborted) return;
    this.errors.mayThrow('handshake', 'the error event', () => (this.handshakeThrew = true));
    send(LOGIN);
    this.seen.add('login');
    if ((await receive()) === REFUSAL) throw this.#rejection;
  }

  #ping(): string {
    this.errors.mayThrow(
      'ping',
      'reportError',
      () => (this.silenceRestartedAt = this.world.clock.now()),
    );
    this.pingedAt = this.world.clock.now();
    this.#unansweredSince ??= this.pingedAt;
    return 'ping';
  }

  #noteAnswer(): void {
    const time = this.world.clock.now() - (this.#unansweredSince ?? Infinity);
    this.slowestAnswer = Math.max(this.slowestAnswer, time);
    this.#unansweredSince = null;
  }

  #urlOf(url: Setup['url']): string | null | (() => Url | Promise<Url>) {
    if (url !== URL_FUNCTION) return url;
    return () => {
      this.answered = this.answer;
      switch (this.answer) {
        case 'null':
          return null;
        case 'never':
          return new Promise(() => {});
        case 'reject':
          return Promise.reject(this.#rejection);
        default:
          return `${this.answer}?call=${++this.#calls}`;
      }
    };
  }
}

const setPrerendering = (value: boolean) =>
  Object.defineProperty(document, 'prerendering', { value, configurable: true });

/** The page is rendered before the user has asked for it. */
const hidePage = () => setPrerendering(true);

/** The page is shown. */
export const showPage = () => setPrerendering(false);
