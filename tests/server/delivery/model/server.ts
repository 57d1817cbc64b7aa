import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  createLifelineServer,
  type HistoryStore,
  Later,
  type LifelineServer,
  memoryHistory,
  memorySessions,
  Refusal,
  type SessionStore,
} from '../../../../src/server.ts';
import { Handshake } from '../../../../src/server/admission/handshake.ts';
import type { SimulatedClock } from '../../../../src/testing/simulation/clock.ts';
import { assert } from '../../../core/model/assert.ts';
import { SaidTopic } from './heard.ts';
import { KeptHistory, KeptSessions } from './kept-stores.ts';
import { type Sent, SentLedger } from './sent.ts';
import type { Setup } from './setup.ts';
import { ServerTime } from './timers.ts';
import { type Link, type ServerSocket, UpgradeSocket } from './wire.ts';

type Client = Parameters<LifelineServer['subscribe']>[0];

/** What a handler throws that fails. */
class HandlerError extends Error {}

/** Errors of the server that histories bring about. */
const EXPECTED = /took too long|^Later/;

const linkOf = ({ socket }: Client) => (socket as unknown as ServerSocket).link;

/** From now on, upgrades end in sockets of the simulation instead of those of `ws`. Returns the function that undoes it. */
export function replaceHandshake(): () => void {
  const { complete } = Handshake.prototype;
  Handshake.prototype.complete = (_request, socket) => {
    const { link } = socket as unknown as UpgradeSocket;
    link.down.push('accepted');
    link.acceptedAt = performance.now();
    return link.server as never;
  };
  return () => void (Handshake.prototype.complete = complete);
}

/** The machine on which one server runs after the other, and its application. */
export class ServerMachine {
  readonly time: ServerTime;
  /** Counts the processes. */
  process = 0;
  server: LifelineServer | null = null;
  readonly topics = new Map<string, SaidTopic>();
  /** The processes that were killed before they had closed. */
  readonly killed = new Set<number>();
  /** The topics of which something was forgotten, because there was too much. */
  readonly #forgotten = new Set<SaidTopic>();
  /** How many sessions were forgotten, because there were too many or they were too old. */
  lostSessions = 0;
  readonly ledger: SentLedger;
  readonly fails: (error: unknown) => void;
  readonly #setup: Setup;
  readonly #kept: KeptSessions | null;
  readonly #keptHistory: KeptHistory | null;
  readonly #links = new Set<Link>();
  /** What is said by a server that closes may be too late for its history. */
  #isClosing = false;

  constructor(
    setup: Setup,
    clock: SimulatedClock,
    time: ServerTime,
    seen: Record<string, number>,
    fails: (error: unknown) => void,
  ) {
    this.#setup = setup;
    this.fails = fails;
    this.time = time;
    this.#kept =
      setup.storeLatency === null ? null : new KeptSessions(clock, time, setup.storeLatency);
    const { historyLatency, history } = setup;
    this.#keptHistory =
      historyLatency === null
        ? null
        : new KeptHistory(clock, historyLatency, { ...history, bytesPerTopic: Infinity });
    if (this.#keptHistory)
      this.#keptHistory.onAdded = (key, { data }, position) =>
        this.topic(key).recorded(String(data), position, this.process);
    this.ledger = new SentLedger(this, seen);
  }

  /** Whether sessions outlive the process. */
  get keepsSessions(): boolean {
    return this.#kept !== null;
  }

  /** Whether the history outlives the process. */
  get keepsHistory(): boolean {
    return this.#keptHistory !== null;
  }

  durable(outbox: string): number {
    return this.#kept?.durable(outbox) ?? Infinity;
  }

  topic(key: string): SaidTopic {
    let topic = this.topics.get(key);
    if (!topic) this.topics.set(key, (topic = new SaidTopic(this.killed)));
    return topic;
  }

  get bounds(): Setup['history'] {
    return this.#setup.history;
  }

  readonly forgotten = (topic: SaidTopic): boolean => this.#forgotten.has(topic);

  /** The process closes its clients and ends. Another one follows. */
  restart(drain: number): void {
    const { server, process } = this;
    if (!server) return this.start();
    this.#isClosing = true;
    const end = (isClosed: boolean) => {
      if (this.process !== process || !this.server) return;
      if (isClosed) this.ledger.hasClosed();
      this.kill(Infinity, true, !isClosed);
      this.start();
    };
    server
      .close({ drain })
      .then(() => end(true))
      .catch(this.fails);
    // A supervisor does not wait for ever.
    this.time.later(drain + 10_000, () => end(false));
  }

  /** A process starts, if none runs. */
  start(): void {
    if (this.server) return;
    this.process++;
    this.#isClosing = false;
    const { authenticates, sessions, history, rate, handlerTimeout } = this.#setup;
    const options = {
      origins: [null],
      maxPayload: 2_000,
      handlerTimeout,
      rate,
      invalidRate: { perSecond: 5, burst: 3 },
      codec: { encode: String, decode },
      sessions: this.#kept?.open() ?? this.#timed(memorySessions(sessions)),
      history: this.#recorded(this.#keptHistory?.open() ?? memoryHistory(history)),
      ...(authenticates && {
        authenticate: (request: IncomingMessage) => String(request.headers.cookie),
      }),
    };
    const server = createLifelineServer<string, string, string>(options);
    server.on('message', (client, text, id) => {
      if (text === 'evil') return undefined;
      if (id.number === null) return this.#uncounted(client, text);
      return this.#handle(client, text, String(id.outbox), id.number);
    });
    server.on('request', (client, text, { signal }) =>
      text === 'evil' ? text : this.#answer(client, text, signal),
    );
    server.on('error', (error) => {
      if (error instanceof HandlerError || EXPECTED.test(error.message)) return;
      throw error;
    });
    server.on('forgotten', ({ what, of }) => {
      if (what === 'history')
        for (const key of [`t${of}`, `i${of}`]) this.#forgotten.add(this.topic(key));
      if (what === 'session') this.lostSessions++;
    });
    this.server = server as unknown as LifelineServer;
  }

  /** A page dials. */
  dials(link: Link, cookie: string): void {
    this.#links.add(link);
    if (!this.server) return link.client.fails();
    link.process = this.process;
    const request = { headers: { cookie }, url: '/live', method: 'GET', socket: {} };
    const socket = new UpgradeSocket(link);
    this.server.handleUpgrade(
      request as unknown as IncomingMessage,
      socket as unknown as Duplex,
      Buffer.alloc(0),
    );
  }

  /** The process is killed. `isTold`: whether the pages hear of it. */
  kill(arriving: number, isTold: boolean, isKilled: boolean = true): void {
    if (!this.server) return;
    if (isKilled) this.killed.add(this.process);
    this.time.kill();
    this.server = null;
    this.#kept?.close();
    this.#keptHistory?.close();
    for (const link of this.#links) {
      link.isServerGone = true;
      link.down.cut(arriving, isTold);
    }
    this.#links.clear();
  }

  /** Something is said in a topic of the application, or to an identity. */
  say(key: string, except: number | null, exceptLink?: Link): void {
    if (!this.server) return;
    const topic = this.topic(key);
    const text = `${key}#${topic.said.length}`;
    const at = performance.now();
    const isLate = this.#isClosing;
    topic.said.push({ text, at, except, process: this.process, isRecorded: false, isLate });
    if (key.startsWith('i')) return void this.server.sendTo(key.slice(1), text);
    const client = [...this.server.clients].find((one) => linkOf(one) === exceptLink);
    void this.server.broadcast(text, { topic: key.slice(1), ...(client && { except: client }) });
  }

  clientOf(link: Link | null): Client | undefined {
    return [...(this.server?.clients ?? [])].find((one) => linkOf(one) === link);
  }

  #uncounted(client: Client, text: string): void {
    const [word, topic = ''] = text.split(' ');
    if (text === 'hello') client.send('welcome');
    else if (word === 'sub') this.server?.subscribe(client, topic);
    else if (word === 'unsub') this.server?.unsubscribe(client, topic);
    else assert(false, `${text} came without a number`);
  }

  #handle(client: Client, text: string, outbox: string, number: number): unknown {
    const { ledger, time } = this;
    const sent = ledger.find(text);
    assert(!sent.isRequest, `${sent.id} came as a message`);
    const identity = this.#identityOf(client);
    const key = identity === undefined ? outbox : `i${identity} ${outbox}`;
    const run = ledger.begins(sent, identity, key, number, linkOf(client));
    const { does, after } = sent.plan;
    const { handlerTimeout } = this.#setup;
    const isLater =
      does === 'asks for later' && sent.runs.filter(({ ended }) => ended === 'later').length < 2;
    const end = () => {
      const ended = isLater
        ? 'later'
        : does === 'throws' || does === 'refuses'
          ? 'failed'
          : 'taken';
      ledger.ends(run, ended);
      if (ended === 'taken') return;
      throw ended === 'later' ? new Later() : errorOf(sent);
    };
    if (after === 0 && does !== 'hangs') return end();
    time.later(handlerTimeout, () => ledger.ends(run, 'failed'));
    return new Promise((resolve, reject) => {
      if (does === 'hangs') return;
      time.later(after, () => {
        try {
          resolve(end());
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  #answer(client: Client, text: string, signal: AbortSignal): string | undefined | Promise<string> {
    const { ledger, time } = this;
    const sent = ledger.find(text);
    assert(sent.isRequest, `${sent.id} came as a request`);
    assert(!signal.aborted, `the handler of ${sent.id} begins with an aborted signal`);
    const run = ledger.begins(sent, this.#identityOf(client), '', 0, linkOf(client));
    const { does, after } = sent.plan;
    const end = () => {
      ledger.ends(run, 'taken');
      if (does === 'throws' || does === 'refuses') throw errorOf(sent);
      return `reply to ${sent.id}`;
    };
    if (after === 0 && does !== 'hangs') return end();
    return new Promise((resolve, reject) => {
      if (does === 'hangs') return;
      time.later(after, () => {
        try {
          resolve(end());
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  #identityOf({ id }: Client): string | undefined {
    return this.#setup.authenticates ? id : undefined;
  }

  /** A session store that notes which sessions have become too old. */
  #timed(store: SessionStore): SessionStore {
    const released = new Map<string, number>();
    const { numberTtl } = this.#setup.sessions;
    return {
      ttl: store.ttl,
      get size() {
        return store.size;
      },
      start: (listener) => store.start(listener),
      claim: (owner, name, epoch) => {
        const age = performance.now() - (released.get(name) ?? Infinity);
        if (age >= numberTtl) this.lostSessions++;
        return store.claim(owner, name, epoch);
      },
      save: (...args) => store.save(...args),
      release(owner, name, record) {
        released.set(name, performance.now());
        store.release(owner, name, record);
      },
      forget: (...args) => store.forget(...args),
      stop: () => store.stop(),
    };
  }

  /** A history that tells what its positions mean. */
  #recorded(store: HistoryStore): HistoryStore {
    const epochs = new Map<string, string>();
    const located = (key: string, position: { epoch: string; number: number }) => {
      epochs.set(key, position.epoch);
      // A history that is kept has all that was said, but what is on its way.
      this.topic(key).stands(position, this.process, this.keepsHistory ? 0 : undefined);
      return position;
    };
    return {
      isShared: store.isShared,
      start: (listener) =>
        store.start({
          ...listener,
          deliver: (key, message) => {
            const position = { epoch: epochs.get(key) ?? '', number: message.number };
            if (!this.keepsHistory)
              this.topic(key).recorded(String(message.data), position, this.process);
            listener.deliver(key, message);
          },
        }),
      follow: (key) => {
        const position = store.follow(key);
        return position instanceof Promise
          ? position.then((found) => located(key, found))
          : located(key, position);
      },
      unfollow: (key) => store.unfollow(key),
      publish: (key, message) => store.publish(key, message),
      read: (key, position) => store.read(key, position),
      stop: () => store.stop(),
    };
  }
}

const errorOf = ({ plan, id }: Sent) =>
  plan.does === 'refuses' ? new Refusal(`no: ${id}`) : new HandlerError(id);

function decode(frame: string | ArrayBuffer | Blob): string {
  const text = typeof frame === 'string' ? frame : Buffer.from(frame as ArrayBuffer).toString();
  if (text.startsWith('!')) throw new Error('It does not fit.');
  return text;
}
