import type { HeartbeatOptions, Status, Url } from '../../../src/core.ts';
import { elsewhere } from '../../support/simulation/clock.ts';
import { inWords, settle, simulate } from '../../support/simulation/world.ts';
import { type Answer, ASK, CONNECT_TIMEOUT, Expected, type Setup } from './expected.ts';
import { assert, Ledger } from './ledger.ts';
import type { Moment, Step, Wish } from './steps.ts';

const HIGH_WATER = 1_048_576;
const DRAIN_INTERVAL = 20;
const HINTED_TIMEOUT = 3_000;
/** Twice the default interval and timeout: another heartbeat comes into force with the next probe of the old one. */
const LONGEST_SILENCE = 2 * (25_000 + 10_000);
/** Longer than any wait and any attempt. */
const RECOVERY = 4 * 15_250 + 2 * CONNECT_TIMEOUT;
/** Longer than any linger, handshake and closeTimeout. */
const ENDING = 10_000;

/** The life of one connection beside the model of what must become of it. */
export class History {
  readonly #world;
  readonly #model: Expected;
  readonly #setup: Setup;
  readonly #reported: readonly unknown[];
  #snapshot;
  #notified = false;
  /** The events of the connection in words, as the model tells them. */
  #events: string[] = [];
  readonly #releases: (() => void)[] = [];
  /** What handlers are to do, and what the model is still to hear of. */
  readonly #plan: { [When in Moment]?: Wish } = {};
  readonly #planOfModel: { [When in Moment]?: Wish } = {};

  /** What the url function says, and what it said the last time. */
  #answer: Answer = 'ws://a.test/live';
  #answered: Answer = 'never';
  #calls = 0;

  #heartbeat: HeartbeatOptions | false = false;
  /** The shortest timeout up to now: one that was replaced meanwhile may still be running. */
  #shortestTimeout = HINTED_TIMEOUT;
  /** Since when the link, for all that its server says, could be dead. */
  #quietSince = 0;

  readonly #ledger = new Ledger();

  constructor(setup: Setup, reported: readonly unknown[]) {
    this.#setup = setup;
    this.#reported = reported;
    this.#world = simulate({
      ...setup,
      url: this.#urlOf(setup.url),
      connectTimeout: CONNECT_TIMEOUT,
      outbox: { maxMessages: setup.maxMessages },
    });
    const { clock, connection } = this.#world;
    this.#snapshot = connection.getSnapshot();
    this.#model = new Expected(setup, () => clock.now());
    this.#model.onEvent = (type) => this.#mirror(type);

    connection.on('open', () => {
      this.#events.push('open');
      this.#handle('open');
    });
    connection.on('close', (cause, final) => {
      this.#events.push(`close ${inWords(cause)}${final ? ' finally' : ''}`);
      if (cause.kind === 'timeout' && cause.phase === 'heartbeat') this.#checkVerdict();
      this.#handle('close');
    });
    connection.on('message', (message) => {
      // The answer to the last probe of a heartbeat that was switched off is a message like any other.
      if (message === 'hello') this.#handle('message');
    });
    connection.on('drop', (messages, reason) => {
      this.#ledger.drops(messages as string[]);
      assert(
        reason !== 'overflow' || connection.socket?.readyState !== 1,
        'drops what overflows although the link is open',
      );
    });
    connection.subscribe(() => (this.#notified = true));
  }

  get status(): Status {
    return this.#snapshot.status;
  }

  /** Takes a step and checks everything. */
  async take(step: Step): Promise<void> {
    if ('pass' in step) return this.#pass(step.pass);
    if ('holdUp' in step) return this.#holdUp(step);
    this.#do(step);
    await this.#follow();
  }

  /** Nobody wants it any more: nothing may be left. */
  async end(by: 'release' | 'close'): Promise<void> {
    for (const plan of [this.#plan, this.#planOfModel])
      for (const when of ['open', 'close', 'message'] as const) delete plan[when];
    if (by === 'close' || this.#model.held) await this.take({ wish: 'close' });
    if (by === 'release') while (this.#model.holders > 0) await this.take({ wish: 'release' });
    await this.#pass(ENDING);

    const { clock, network, signals } = this.#world;
    assert(clock.pendingTimers === 0, `${clock.pendingTimers} timers are left`);
    assert(signals.listeners === 0, 'the signals are still listened to');
    assert(network.liveSockets === 0, 'a live socket is left');
    assert(network.listeners === 0, `${network.listeners} listeners are left`);
    this.#ledger.close(network.sockets);
  }

  /** Nothing is wrong any more: what wants to be open gets there. */
  async recover(): Promise<void> {
    const { network, connection } = this.#world;
    const model = this.#model;
    await this.take({ dialling: 'works' });
    await this.take({ answer: 'ws://a.test/live' });
    if (model.phase === 'parked') await this.take({ signal: 'pageshow' });
    // An attempt that is under way may have been lost already without a word.
    for (let passed = 0; model.isLive && model.phase !== 'open'; passed += 1_000) {
      assert(passed < RECOVERY, `is still ${connection.getSnapshot().status} after ${passed} ms`);
      if (network.sockets.at(-1)?.readyState === 0) await this.take({ server: 'accepts' });
      await this.#pass(1_000);
    }
  }

  // ── What happens, to the connection and to the model.

  #do(step: Exclude<Step, { pass: number } | { holdUp: number; sends: boolean }>): void {
    const { clock, network, signals, connection } = this.#world;
    const model = this.#model;
    if ('wish' in step) {
      this.#wish(step);
      if (step.wish === 'send') {
        this.#learn();
        // A deadline that has passed is looked at before anything is sent.
        if (model.isLive) model.expire();
      }
      this.#tellModel(step);
    } else if ('on' in step) this.#plan[step.on] = this.#planOfModel[step.on] = step.do;
    else if ('server' in step) this.#serve(step);
    else if ('buffer' in step) {
      if (connection.socket) network.server.drainsTo(step.buffer);
      this.#quietSince = clock.now();
    } else if ('older' in step) {
      const { server } = network.sockets.slice(0, -1).at(-1 - step.older) ?? {};
      if (step.does === 'sends') server?.sends('stale');
      else server?.[step.does]();
    } else if ('sleep' in step) {
      clock.sleep(step.sleep);
      signals.say('visible');
      model.signalled('visible');
    } else if ('signal' in step) {
      signals.say(step.signal);
      model.signalled(step.signal);
    } else if ('dialling' in step) {
      model.dialling = step.dialling;
      const error = step.dialling === 'throws' ? new DOMException('no', 'SyntaxError') : null;
      network.constructorThrows(error);
      if (step.dialling === 'is blocked') network.isBlocked();
      else network.answersNone();
    } else this.#answer = step.answer;
  }

  /** Time passes, from one thing that is due to the next. */
  async #pass(ms: number): Promise<void> {
    const { clock, network } = this.#world;
    const until = clock.now() + ms;
    do {
      const due = Math.min(clock.nextDue(), this.#model.nextDue);
      clock.advance(Math.min(until, Math.max(clock.now(), due)) - clock.now());
      this.#learn();
      const [event] = this.#events.slice(this.#model.events.length);
      this.#model.timePasses(
        event === 'close requested finally' && network.sockets.length === this.#model.sockets,
      );
      await this.#follow();
    } while (clock.now() < until);

    const takes = this.#takes(network.sockets.at(-1));
    if (this.#model.phase === 'open' && takes && ms >= DRAIN_INTERVAL)
      assert(this.#ledger.waiting.length === 0, 'the outbox is not emptied');
  }

  /** The page is held up, the network is not. */
  async #holdUp({ holdUp, sends }: Extract<Step, { holdUp: number }>): Promise<void> {
    const { clock } = this.#world;
    const until = clock.now() + holdUp;
    do {
      clock.holdTimersUp(Math.min(until, clock.nextDue(elsewhere)) - clock.now());
      this.#quietSince = clock.now();
      this.#learn();
      await this.#follow();
    } while (clock.now() < until);
    if (sends) await this.take({ wish: 'send', queue: true });
    await this.#pass(0);
  }

  #wish(wish: Wish): void {
    const { connection, clock } = this.#world;
    switch (wish.wish) {
      case 'send':
        return this.#send(wish.queue);
      case 'point':
        return connection.update({ url: this.#urlOf(wish.at) });
      case 'heartbeat':
        this.#heartbeat = wish.is;
        this.#shortestTimeout = Math.min(
          this.#shortestTimeout,
          (wish.is || {}).timeout ?? Infinity,
        );
        this.#quietSince = clock.now();
        return connection.update({ heartbeat: wish.is });
      case 'retain':
        this.#releases.push(connection.retain());
        return;
      case 'release':
        return this.#releases.pop()?.();
      default:
        return connection[wish.wish]();
    }
  }

  #tellModel(wish: Wish): void {
    const model = this.#model;
    if (wish.wish === 'point') model.point(wish.at);
    else if (wish.wish !== 'send' && wish.wish !== 'heartbeat') model[wish.wish]();
  }

  #send(queue: boolean, isFirst = true): void {
    const { connection, network, clock } = this.#world;
    const { phase, scope, due } = this.#model;
    const free = this.#takes(network.sockets.at(-1)) && this.#ledger.waiting.length === 0;
    // Asked before: a handler that the send calls may switch it off.
    const mayBeFoundDead = phase === 'open' && this.#heartbeat !== false;

    const id = this.#ledger.nextId();
    const result = connection.send(id, { queue });
    this.#ledger.enter(id, result, isFirst ? scope : connection.scope);

    // Inside of a handler, or where the send itself ends the phase, the model is not there yet.
    if (!isFirst || due <= clock.now() || mayBeFoundDead) return;
    const over = phase === 'off' || phase === 'closing' || phase === 'closed';
    const expected = phase === 'open' && free ? 'sent' : queue && !over ? 'queued' : 'dropped';
    assert(result === expected, `send() is '${result}' instead of '${expected}' while ${phase}`);
  }

  #serve(step: Extract<Step, { server: string }>): void {
    const { network, clock } = this.#world;
    const model = this.#model;
    const socket = network.sockets.at(-1);
    if (!socket) return;
    const { server } = socket;
    const { hasSocket, phase } = model;
    switch (step.server) {
      case 'accepts':
        if (socket.readyState !== 0) return;
        this.#quietSince = clock.now();
        server.accepts();
        if (hasSocket) model.accepted();
        return;
      case 'sends':
        server.sends('hello');
        if (hasSocket && phase === 'open' && !server.silent) this.#mirror('message');
        return;
      case 'breaks':
        server.breaks();
        if (hasSocket) model.lost('1006');
        return;
      case 'closes':
        server.closesWith(step.code);
        if (hasSocket) model.lost(String(step.code));
        return;
      case 'goes silent':
        return server.goesSilent();
      case 'starts closing':
        if (socket.readyState === 1) server.startsClosing();
    }
  }

  #handle(when: Moment): void {
    const wish = this.#plan[when];
    delete this.#plan[when];
    // In the very call of retain() there is nothing to release yet.
    if (wish?.wish === 'release' && this.#releases.length === 0) delete this.#planOfModel[when];
    else if (wish?.wish === 'send') this.#send(wish.queue, false);
    else if (wish) this.#wish(wish);
  }

  #mirror(when: Moment): void {
    const wish = this.#planOfModel[when];
    delete this.#planOfModel[when];
    if (wish) this.#tellModel(wish);
  }

  /** What the model cannot foresee: the end of the closing handshake, and a link that was found dead. */
  #learn(): void {
    const model = this.#model;
    for (const event of this.#events.slice(model.events.length)) {
      if (model.phase === 'closing' && event === 'close requested finally') model.lost('');
      if (model.phase === 'open' && event.startsWith('close heartbeat'))
        model.lost('heartbeat timeout');
    }
  }

  /** The url function is heard, then everything is checked. */
  async #follow(): Promise<void> {
    for (let turn = 0; this.#model.asks && this.#answered !== 'never'; turn++) {
      assert(turn < 10, 'the url function is asked without end');
      await settle();
      this.#model.answered(this.#answered);
    }
    this.#checkSnapshot();
    this.#checkNetwork();
    this.#checkMessages();
    const events = this.#events.join();
    const expected = this.#model.events.join();
    assert(events === expected, `tells ${events} instead of ${expected}`);
    this.#events = [];
    this.#model.events = [];
    assert(this.#reported.length === 0, `reports ${String(this.#reported[0])}`);
  }

  // ── What must hold after every step.

  #checkSnapshot(): void {
    const { connection, clock } = this.#world;
    const model = this.#model;
    const { phase } = model;
    const before = this.#snapshot;
    const now = connection.getSnapshot();
    const shown = [now.status, now.readyState, now.attempt, inWords(now.cause), now.retryAt].join();
    const expected = [
      model.status,
      phase === 'connecting' ? 0 : phase === 'open' ? 1 : phase === 'closing' ? 2 : 3,
      phase === 'open' ? 0 : model.attempt,
      phase === 'open' ? 'none' : model.cause,
      phase === 'waiting' ? clock.wall() + model.due - clock.now() : null,
    ].join();
    assert(shown === expected, `shows ${shown} instead of ${expected}`);
    assert(now.latency === null || phase === 'open', `has a latency while ${phase}`);

    if (!this.#notified) assert(now === before, 'is another snapshot without notice');
    this.#notified = false;
    this.#snapshot = now;
  }

  /** A link is found dead only if it has been silent long enough. */
  #checkVerdict(): void {
    const { clock, network } = this.#world;
    const quiet = clock.now() - network.server.spokeAt;
    assert(this.#heartbeat !== false, 'judges a link without a heartbeat');
    assert(quiet >= this.#shortestTimeout, `judges a link quiet for ${quiet} ms`);
  }

  #checkNetwork(): void {
    const { connection, network, signals, clock } = this.#world;
    const { sockets } = network;
    const { hasSocket, phase, isLive } = this.#model;
    const newest = sockets.at(-1);
    const expected = this.#model.sockets;
    assert(sockets.length === expected, `has made ${sockets.length} sockets, not ${expected}`);
    assert(connection.socket === (hasSocket ? newest : null), 'has another socket');
    assert(network.liveSockets <= (hasSocket ? 1 : 0), `${network.liveSockets} sockets are live`);
    const listeners = network.listeners - (hasSocket ? (newest?.listenerCount ?? 0) : 0);
    assert(listeners === 0, `${listeners} listeners are on sockets that were let go`);
    assert(signals.listeners <= 1, 'listens to the signals more than once');
    assert(signals.listeners === 1 || !isLive, 'does not listen to the signals');

    if (phase !== 'open' || !this.#heartbeat || !newest) return;
    const quiet = clock.now() - Math.max(newest.server.spokeAt, this.#quietSince);
    assert(quiet <= LONGEST_SILENCE, `has not noticed a silence of ${quiet} ms`);
  }

  #checkMessages(): void {
    const { phase } = this.#model;
    this.#ledger.read(this.#world.network.sockets, this.#setup.scope);
    const { length } = this.#ledger.waiting;
    const over = phase === 'off' || phase === 'closing' || phase === 'closed';
    const most = over ? 0 : phase === 'open' ? Infinity : this.#setup.maxMessages;
    assert(length <= most, `${length} messages wait while ${phase}`);
  }

  #takes(socket: { readyState: number; bufferedAmount: number } | undefined): boolean {
    return socket?.readyState === 1 && socket.bufferedAmount <= HIGH_WATER;
  }

  #urlOf(url: Setup['url']): string | null | (() => Url | Promise<Url>) {
    if (url !== ASK) return url;
    return () => {
      this.#answered = this.#answer;
      switch (this.#answer) {
        case 'null':
          return null;
        case 'never':
          return new Promise(() => {});
        case 'reject':
          return Promise.reject(Object.assign(new Error('no'), { name: 'AuthError' }));
        default:
          return `${this.#answer}?token=${++this.#calls}`;
      }
    };
  }
}
