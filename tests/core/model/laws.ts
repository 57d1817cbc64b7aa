import { takeReports } from '../../support/reports.ts';
import { inWords } from '../../support/simulation/world.ts';
import type { App } from './app.ts';
import { assert } from './assert.ts';
import type { Expected, Phase } from './expected.ts';
import type { Setup } from './setup.ts';

const HIGH_WATER = 1_048_576;
const DRAIN_INTERVAL = 20;
const HINTED_TIMEOUT = 3_000;
const LATE = 500;
/** Twice the default interval and timeout: another heartbeat comes into force with the next probe of the old one. */
const LONGEST_SILENCE = 2 * (25_000 + 10_000);

const READY_STATES: { [Name in Phase]?: number } = { connecting: 0, open: 1, closing: 2 };

/** Whether nothing that is sent will ever go out. */
export const isOver = (phase: Phase): boolean =>
  phase === 'off' || phase === 'closing' || phase === 'closed';

/** Whether a socket takes a frame. */
export const takes = (socket: { readyState: number; bufferedAmount: number } | undefined) =>
  socket?.readyState === 1 && socket.bufferedAmount <= HIGH_WATER;

/** What must hold after every step. */
export class Laws {
  /** While the page thaws, its timers may run before what the network has held for it. */
  isThawing = false;
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

  /** Whether a hint has come since the last sign of life. */
  get isHintPending(): boolean {
    return this.#app.hintedAt > this.#lifeAt;
  }

  /** The last sign of life. */
  get #lifeAt(): number {
    const socket = this.#app.world.network.sockets.at(-1);
    return Math.max(socket?.server.spokeAt ?? 0, this.#app.quietSince);
  }

  /** A link is found dead only if nothing came for long enough, and only if its server could not have answered. */
  checkVerdict(): void {
    const { heartbeat, world, pingedAt } = this.#app;
    const socket = world.network.sockets[this.#model.sockets - 1];
    assert(heartbeat !== false && socket !== undefined, 'judges a link without a heartbeat');
    const { interval, timeout, ping } = heartbeat;
    const patience = ping === null ? interval + timeout : Math.min(timeout, HINTED_TIMEOUT);
    const { spokeAt, isReachable, reachableSince, isClosing } = socket.server;
    const quiet = world.clock.now() - spokeAt;
    assert(quiet >= patience, `judges a link quiet for ${quiet} ms`);
    // A deadline that was held up with the page, and with it perhaps the answer, must ask again.
    const isLate = world.clock.now() - pingedAt > timeout + LATE;
    const isMute = !isReachable || reachableSince >= pingedAt || isClosing;
    const isHeld = this.isThawing && !isLate;
    assert(isMute || isHeld || ping === null, 'judges a link whose server answers');
  }

  /** After enough time, a socket that takes frames has taken all. */
  checkDrained(passed: number): void {
    const { world, ledger } = this.#app;
    if (this.#model.phase !== 'open' || !takes(world.network.sockets.at(-1))) return;
    if (passed < DRAIN_INTERVAL + world.clock.throttle) return;
    assert(ledger.waiting.length === 0, 'the outbox is not emptied');
  }

  /** Nobody wants it any more, and nothing may be left. */
  checkEnd(): void {
    const { clock, network, signals } = this.#app.world;
    assert(clock.pendingTimers === 0, `${clock.pendingTimers} timers are left`);
    assert(signals.listeners === 0, 'the signals are still listened to');
    assert(network.liveSockets === 0, 'a live socket is left');
    assert(network.listeners === 0, `${network.listeners} listeners are left`);
    this.#app.ledger.close(network.sockets);
  }

  #checkErrors(): void {
    const { mishaps } = this.#app;
    for (const error of takeReports()) mishaps.heard(error, 'reportError');
    mishaps.check();
  }

  #checkSnapshot(): void {
    const { connection } = this.#app.world;
    const model = this.#model;
    const { phase } = model;
    const before = this.#snapshot;
    const now = connection.getSnapshot();
    const shown = [now.status, now.readyState, now.attempt, inWords(now.cause), now.retryAt].join();
    const expected = [
      model.status,
      READY_STATES[phase] ?? 3,
      phase === 'open' ? 0 : model.attempt,
      phase === 'open' ? 'none' : model.cause,
      model.retryAt,
    ].join();
    assert(shown === expected, `shows ${shown} instead of ${expected}`);
    assert(now.latency === null || phase === 'open', `has a latency while ${phase}`);

    if (!this.#app.isNotified) assert(now === before, 'is another snapshot without notice');
    this.#app.isNotified = false;
    this.#snapshot = now;
  }

  #checkNetwork(): void {
    const { connection, network, signals } = this.#app.world;
    const { sockets } = network;
    const model = this.#model;
    const newest = sockets.at(-1);
    assert(sockets.length === model.sockets, `has made ${sockets.length}, not ${model.sockets}`);
    const address = newest?.url.replace(/[?]call=\d+$/, '') ?? null;
    assert(address === model.address, `has dialled ${address} instead of ${model.address}`);
    const socket = model.hasSocket ? newest : undefined;
    assert(connection.socket === (socket ?? null), 'has another socket');
    const isLeft = model.phase !== 'closing' || (socket?.readyState ?? 0) > 1;
    assert(isLeft, 'does not start the closing handshake');
    assert(network.liveSockets <= (socket ? 1 : 0), `${network.liveSockets} sockets are live`);
    const listeners = network.listeners - (socket?.listenerCount ?? 0);
    assert(listeners === 0, `${listeners} listeners are on sockets that were let go`);
    assert(signals.listeners <= 1, 'listens to the signals more than once');
    const hears = signals.listeners === 1 || this.#app.isDeaf;
    assert(hears || !model.isLive, 'does not listen to the signals');
  }

  /** A dead link is noticed in time, and soon where a hint has made the heartbeat ask. */
  #checkSilence(): void {
    const { clock } = this.#app.world;
    const { phase, heartbeat } = this.#model;
    if (phase !== 'open' || heartbeat === false) return;
    const quiet = clock.now() - this.#lifeAt;
    const longest = LONGEST_SILENCE + 3 * clock.throttle;
    assert(quiet <= longest, `has not noticed a silence of ${quiet} ms`);

    if (heartbeat.ping === null || !this.isHintPending) return;
    const patience = Math.min(heartbeat.timeout, HINTED_TIMEOUT);
    // Late timers give a second chance.
    const once = clock.throttle > 0 ? 2 * (patience + clock.throttle) : patience;
    const most = once * (1 + this.#app.jumpsSinceHint);
    const unanswered = clock.now() - this.#app.hintedAt;
    assert(unanswered <= most, `has not noticed that a hint led to nothing for ${unanswered} ms`);
  }

  #checkMessages(): void {
    const { ledger, incoming, world } = this.#app;
    const { phase, scope, lastMessage } = this.#model;
    incoming.check();
    const { connection } = world;
    const kept = [connection.scope, connection.lastMessage].join();
    const expected = [scope, lastMessage].join();
    assert(kept === expected, `keeps ${kept} instead of ${expected}`);

    ledger.read(world.network.sockets);
    const { length } = ledger.waiting;
    const most = isOver(phase) ? 0 : phase === 'open' ? Infinity : this.#maxMessages;
    assert(length <= most, `${length} messages wait while ${phase}`);
  }

  /** The server has been asked for exactly what is listened to, if it can be reached. */
  #checkTopics(): void {
    const { ledger, world } = this.#app;
    const socket = world.network.sockets.at(-1);
    if (this.#model.phase !== 'open' || socket?.readyState !== 1) return;
    ledger.asked(socket).check(this.#model.topics.wanted);
  }

  #checkEvents(): void {
    const events = this.#app.events.join();
    const expected = this.#model.events.join();
    assert(events === expected, `tells ${events} instead of ${expected}`);
    this.#app.events = [];
    this.#model.events = [];
  }
}
