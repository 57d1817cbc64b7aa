import { takeReports } from '../../support/reports.ts';
import { describeCause } from '../../support/simulation/world.ts';
import type { App } from './app.ts';
import { assert } from './assert.ts';
import type { Expected, Phase } from './expected.ts';
import type { Setup } from './setup.ts';

const HIGH_WATER = 1_048_576;
const DRAIN_INTERVAL = 20;
const SIGNAL_TIMEOUT = 3_000;
const LATE = 500;
/** The longest interval. A probe may have been sent with the longest patience before the heartbeat changed. */
const LONGEST_INTERVAL = 25_000;
const LONGEST_TIMEOUT = 10_000;
const MAX_TIMEOUT = 120_000;

const READY_STATES: { [Name in Phase]?: number } = {
  prerendered: 0,
  connecting: 0,
  handshaking: 0,
  open: 1,
  closing: 2,
};

/** Whether a sent message is dropped in this phase. */
export const isOver = (phase: Phase): boolean =>
  phase === 'off' || phase === 'closing' || phase === 'closed';

/** Whether a socket takes a frame at once. */
export const canTake = (socket: { readyState: number; bufferedAmount: number } | undefined) =>
  socket?.readyState === 1 && socket.bufferedAmount <= HIGH_WATER;

/** What must hold after every step. */
export class Laws {
  /** Set while a frozen page resumes: timers may then fire before the frames that have arrived. */
  isResuming = false;
  readonly #app: App;
  readonly #model: Expected;
  readonly #maxMessages: number;
  #snapshot;

  constructor(app: App, model: Expected, { maxMessages }: Setup) {
    this.#app = app;
    this.#model = model;
    this.#maxMessages = maxMessages;
    this.#snapshot = app.world.connection.getSnapshot();
  }

  check(): void {
    this.#checkErrors();
    this.#checkSnapshot();
    this.#checkNetwork();
    this.#checkSilence();
    this.#checkMessages();
    this.#checkTopics();
    this.#checkEvents();
  }

  /** Whether a signal of the page has come since the last sign of life. */
  get isSignalUnanswered(): boolean {
    return this.#app.signalledAt > this.#lastSignOfLife;
  }

  /** The last sign of life. */
  get #lastSignOfLife(): number {
    const socket = this.#app.world.network.sockets.at(-1);
    return Math.max(socket?.server.lastSentAt ?? 0, this.#app.silenceRestartedAt);
  }

  /** A link may be found dead only after a long enough silence, and only if its server could not answer. */
  checkFoundDead(): void {
    const { heartbeat, world, pingedAt } = this.#app;
    const socket = world.network.sockets[this.#model.sockets - 1];
    assert(heartbeat !== false && socket !== undefined, 'finds a link dead without a heartbeat');
    const { interval, timeout, ping } = heartbeat;
    const patience = ping === null ? interval + timeout : Math.min(timeout, SIGNAL_TIMEOUT);
    const { lastSentAt, isReachable, reachableSince, isClosing } = socket.server;
    const quiet = world.clock.now() - lastSentAt;
    assert(quiet >= patience, `finds a link dead after a silence of ${quiet} ms`);
    // After a late timer, whose answer may be late as well, there must be another ping.
    const isLate = world.clock.now() - pingedAt > timeout + LATE;
    const cannotAnswer = !isReachable || reachableSince >= pingedAt || isClosing;
    const isAnswerHeld = this.isResuming && !isLate;
    assert(cannotAnswer || isAnswerHeld || ping === null, 'finds a link dead whose server answers');
  }

  /** After enough time, the outbox of an open link is empty. */
  checkDrained(passed: number): void {
    const { world, ledger } = this.#app;
    if (this.#model.phase !== 'open' || !canTake(world.network.sockets.at(-1))) return;
    if (passed < DRAIN_INTERVAL + world.clock.throttle) return;
    assert(ledger.waiting.length === 0, 'the outbox is not empty');
  }

  /** After the end, nothing may be left. */
  checkEnd(): void {
    const { clock, network, signals } = this.#app.world;
    assert(clock.pendingTimers === 0, `${clock.pendingTimers} timers are left`);
    assert(signals.listeners === 0, 'the signals still have a listener');
    assert(network.liveSockets === 0, 'a live socket is left');
    assert(network.listeners === 0, `${network.listeners} listeners are left`);
    this.#app.ledger.close(network.sockets);
  }

  #checkErrors(): void {
    const { errors } = this.#app;
    for (const error of takeReports()) errors.arrived(error, 'reportError');
    errors.check();
  }

  #checkSnapshot(): void {
    const { connection } = this.#app.world;
    const model = this.#model;
    const { phase } = model;
    const before = this.#snapshot;
    const now = connection.getSnapshot();
    const shown = [
      now.status,
      now.readyState,
      now.attempt,
      describeCause(now.cause),
      now.retryAt,
    ].join();
    const expected = [
      model.status,
      READY_STATES[phase] ?? 3,
      phase === 'open' ? 0 : model.attempt,
      phase === 'open' ? 'none' : model.cause,
      model.retryAt,
    ].join();
    assert(shown === expected, `shows ${shown} instead of ${expected}`);
    assert(now.latency === null || phase === 'open', `has a latency while ${phase}`);

    if (!this.#app.isNotified)
      assert(now === before, 'the snapshot changes without a notification');
    this.#app.isNotified = false;
    this.#snapshot = now;
  }

  #checkNetwork(): void {
    const { connection, network, signals } = this.#app.world;
    const { sockets } = network;
    const model = this.#model;
    const newest = sockets.at(-1);
    assert(
      sockets.length === model.sockets,
      `has made ${sockets.length} sockets instead of ${model.sockets}`,
    );
    const address = newest?.url.replace(/[?]call=\d+$/, '') ?? null;
    assert(address === model.address, `connects to ${address} instead of ${model.address}`);
    const socket = model.hasSocket ? newest : undefined;
    assert(connection.socket === (socket ?? null), 'has another socket');
    const isClosing = model.phase !== 'closing' || (socket?.readyState ?? 0) > 1;
    assert(isClosing, 'does not start the closing handshake');
    assert(network.liveSockets <= (socket ? 1 : 0), `${network.liveSockets} sockets are live`);
    const listeners = network.listeners - (socket?.listenerCount ?? 0);
    assert(listeners === 0, `${listeners} listeners are left on abandoned sockets`);
    assert(signals.listeners <= 1, 'listens to the signals more than once');
    const isListening = signals.listeners === 1 || this.#app.signalsThrew;
    assert(isListening || !model.isLive, 'does not listen to the signals');
  }

  /** The longest time that a probe may wait for its answer. */
  #patience(timeout: number): number {
    return Math.max(timeout, Math.min(MAX_TIMEOUT, timeout * 3 ** this.#app.deaths));
  }

  /** A dead link is noticed in time, and soon after a signal of the page, which sends a ping. */
  #checkSilence(): void {
    const { clock } = this.#app.world;
    const { phase, heartbeat } = this.#model;
    if (phase !== 'open' || heartbeat === false) return;
    const quiet = clock.now() - this.#lastSignOfLife;
    const longest = LONGEST_INTERVAL + 2 * this.#patience(LONGEST_TIMEOUT) + 3 * clock.throttle;
    assert(quiet <= longest, `has not noticed a silence of ${quiet} ms`);

    if (heartbeat.ping === null || !this.isSignalUnanswered) return;
    const { latency } = this.#app.world.connection.getSnapshot();
    const known = Math.max(SIGNAL_TIMEOUT, 2 * this.#app.slowestAnswer);
    const patience = Math.min(
      this.#patience(heartbeat.timeout),
      latency === null || this.#app.deaths > 0 ? Infinity : known,
    );
    // After a late timer, another ping is sent.
    const once = clock.throttle > 0 ? 2 * (patience + clock.throttle) : patience;
    const most = once * (1 + this.#app.jumpsSinceSignal);
    const unanswered = clock.now() - this.#app.signalledAt;
    assert(unanswered <= most, `has not noticed ${unanswered} ms without an answer after a signal`);
  }

  #checkMessages(): void {
    const { ledger, incoming, world } = this.#app;
    const { phase, scope, lastMessage } = this.#model;
    incoming.check();
    const { connection } = world;
    const kept = [connection.scope, connection.lastMessage].join();
    const expected = [scope, lastMessage].join();
    assert(kept === expected, `has ${kept} instead of ${expected}`);

    ledger.read(world.network.sockets);
    const { length } = ledger.waiting;
    const most = isOver(phase) ? 0 : phase === 'open' ? Infinity : this.#maxMessages;
    assert(length <= most, `${length} messages are queued while ${phase}`);
  }

  /** An open link is subscribed to exactly the topics with listeners. */
  #checkTopics(): void {
    const { ledger, world } = this.#app;
    const socket = world.network.sockets.at(-1);
    if (this.#model.phase !== 'open' || socket?.readyState !== 1) return;
    ledger.subscriptionsOf(socket).check(this.#model.topics.wanted);
  }

  #checkEvents(): void {
    const events = this.#app.events.join();
    const expected = this.#model.events.join();
    assert(events === expected, `emits ${events} instead of ${expected}`);
    this.#app.events = [];
    this.#model.events = [];
  }
}
