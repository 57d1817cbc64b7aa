import type { Signal } from '../../../src/core/platform/signals.ts';
import type { Status } from '../../../src/core/machine/snapshot.ts';
import {
  type Answer,
  URL_FUNCTION,
  CONNECT_TIMEOUT,
  type NewSocket,
  type Heartbeat,
  type Setup,
  type Time,
} from './setup.ts';
import { ExpectedTopics } from './topics.ts';

export type Phase =
  | 'idle'
  | 'off'
  | 'prerendered'
  | 'connecting'
  | 'handshaking'
  | 'open'
  | 'waiting'
  | 'parked'
  | 'closing'
  | 'closed';

const STABLE_AFTER = 5_000;
const SHORT_WAIT = 500;
const SLEEP = 5_000;

const FINAL_CODES = ['1002', '1003', '1007', '1009', '1010'];
const TOKEN_END_CODES = ['3000', '4401'];
const REFUSAL_CODES = [...TOKEN_END_CODES, '1008', '3003', '4403'];
/** How late a timer must be for the page to count as blocked, and how much time an attempt then gets. */
const LATE = 500;

/**
 * The model: what the documentation says about the actions, failures and times of a connection. It does not use the
 * machine or its effects. When a link is found dead, it is told by a call of `lost()`.
 */
export class Expected {
  phase: Phase;
  attempt = 0;
  cause = 'none';
  /** When the phase ends by itself, in milliseconds of the clock. */
  due = Infinity;
  /** The same on the wall clock, as of the last time that it was read; null unless waiting. */
  retryAt: number | null = null;
  /** The number of sockets made so far. */
  sockets = 0;
  /** Whether the newest socket is the one in use. */
  hasSocket = false;
  /** Whether a url function has been called and has not answered. */
  awaitsUrl = false;
  holders = 0;
  /** Whether the application has opened the connection by a call. */
  isOpenedByApp = false;
  lingersUntil = Infinity;
  readonly topics: ExpectedTopics;
  url: Setup['url'];
  heartbeat: Heartbeat;
  reconnects: Setup['reconnect'];
  /** The url of the newest socket, without the query that a url function adds. */
  address: string | null = null;
  /** The key of the data; undefined until a url function has answered. */
  scope: string | null | undefined;
  /** The last message of the scope. */
  lastMessage: string | null = null;
  newSocket: NewSocket = 'works';
  /** The events of the connection as texts. Who reads them empties the list. */
  events: string[] = [];
  /** Called with an event when its handlers are called. */
  onEvent: (type: 'open' | 'close' | 'message') => void = () => {};
  /** The answer to the login of this link, when it has come, and the messages behind it. */
  readonly untilOpen: string[] = [];

  readonly #setup: Setup;
  #explicitScope: Setup['scope'];
  readonly #time: Time;
  #wasRefused = false;
  #isPrerendered: boolean;
  #openedAt = 0;
  /** When the attempt in progress started. */
  #startedAt = 0;
  /** When something last happened, which sets the timer again. */
  #timerSetAt = 0;
  /** Whether a link of this scope has been open. */
  #hasBeenOpen = false;
  /** The wall clock minus the other clock. */
  #wallOffset = NaN;
  /** Handlers to call and attempts to make, in order. */
  readonly #effects: (() => void)[] = [];
  #isBusy = false;
  #attempts = 0;

  constructor(setup: Setup, time: Time) {
    this.#setup = setup;
    this.#time = time;
    this.topics = new ExpectedTopics(time, setup.linger);
    this.url = setup.url;
    this.#explicitScope = setup.scope;
    this.heartbeat = setup.heartbeat;
    this.reconnects = setup.reconnect;
    this.#isPrerendered = setup.isPrerendered;
    this.scope = this.#scopeOf(setup.url);
    this.phase = setup.url === null ? 'off' : 'idle';
  }

  get isLive(): boolean {
    return this.#isAttempting || ['prerendered', 'open', 'waiting', 'parked'].includes(this.phase);
  }

  get #isAttempting(): boolean {
    return this.phase === 'connecting' || this.phase === 'handshaking';
  }

  get status(): Status {
    if (this.phase === 'off' || this.phase === 'idle') return 'idle';
    if (this.phase === 'waiting' || this.phase === 'parked') return 'reconnecting';
    if (this.phase === 'open' || this.phase === 'closing' || this.phase === 'closed')
      return this.phase;
    return this.cause === 'none' ? 'connecting' : 'reconnecting';
  }

  get nextDue(): number {
    const due = Math.min(this.due, this.lingersUntil, this.topics.nextDue);
    return this.#time.timerRunsAt(due);
  }

  // ── Calls of the application.

  open(): void {
    if (this.url === null) return;
    this.#readClocks();
    this.#markOpenedByApp();
    this.#apply(() => this.#open());
  }

  reconnect(): void {
    if (this.url === null) return;
    this.#readClocks();
    this.#markOpenedByApp();
    this.#apply(() => (this.isLive ? this.#startAnotherAttempt(false) : this.#open()));
  }

  close(): void {
    this.#readClocks();
    this.isOpenedByApp = false;
    this.#apply(() => {
      if (this.phase === 'off' || this.phase === 'closing') return;
      if (this.phase !== 'open') return this.#stop('closed', 'requested');
      this.#enter('closing', this.#now() + this.#setup.closeTimeout, 0, 'none');
    });
  }

  retain(): void {
    this.#readClocks();
    if (this.holders++ === 0) this.#publishRetry();
    this.lingersUntil = Infinity;
    const hasGivenUp = this.phase === 'closed' && !this.#isRequested && this.holders === 1;
    if (this.phase === 'idle' || this.phase === 'off' || hasGivenUp) this.open();
    else this.#apply(() => {});
  }

  /** Whether the connection should be open. */
  get #isWanted(): boolean {
    return this.isOpenedByApp || this.holders > 0;
  }

  #markOpenedByApp(): void {
    if (this.isOpenedByApp || this.holders > 0) return;
    this.isOpenedByApp = true;
    this.#publishRetry();
  }

  release(): void {
    if (this.holders === 0) return;
    this.holders--;
    this.#readClocks();
    if (this.holders > 0) return;
    this.lingersUntil = this.#now() + this.#setup.linger;
    this.#publishRetry();
    this.#apply(() => {
      if (this.phase === 'closed' && !this.#isRequested && !this.isOpenedByApp)
        this.#enter('idle', Infinity, 0, 'none');
    });
  }

  update(url: Setup['url'], scope: Setup['scope']): void {
    const before = this.#scopeOf(this.url);
    this.#explicitScope = scope;
    const isNewScope = this.#scopeOf(url) !== before;
    const isNewTarget = isNewScope || url !== this.url;
    this.url = url;
    if (isNewScope) this.#enterScope(this.#scopeOf(url));
    if (isNewTarget) this.#readClocks();
    if (url === null) this.#apply(() => this.#turnOff());
    else if (isNewTarget)
      this.#apply(() => {
        if (this.isLive && !this.#isWanted) this.#stop('idle', 'none');
        else if (this.isLive) this.#startAnotherAttempt(isNewScope);
        else if (isNewScope && this.phase === 'closing') this.#stop('idle', 'none');
        else if (
          isNewScope ||
          this.phase === 'off' ||
          (this.phase === 'closed' && !this.#isRequested)
        ) {
          this.scope ??= this.#scopeOf(url);
          this.#enter('idle', Infinity, 0, 'none');
        }
      });
  }

  configure(heartbeat: Heartbeat): void {
    if (heartbeat === this.heartbeat) return;
    this.#readClocks();
    this.#apply(() => (this.heartbeat = heartbeat));
  }

  limit(reconnects: Setup['reconnect']): void {
    if (reconnects === this.reconnects) return;
    this.#readClocks();
    this.#apply(() => {
      this.reconnects = reconnects;
      if (this.phase !== 'waiting') return;
      if (Math.max(1, this.attempt) <= this.#maxAttempts) return;
      this.#wasRefused = false;
      this.#enter('closed', Infinity);
      this.#emit('close', this.cause, 'final');
    });
  }

  get #maxAttempts(): number {
    if (typeof this.reconnects === 'object') return this.reconnects.maxAttempts;
    return this.reconnects ? Infinity : 0;
  }

  /** send() reads the clocks and checks the deadline first. */
  send(): void {
    this.#readClocks();
    if (this.due <= this.#now()) this.expire();
  }

  // ── What happens to the connection.

  accepted(): void {
    this.#readClocks();
    this.#apply(() => {
      if (this.phase !== 'connecting') return;
      if (this.#setup.hasHandshake) this.#enter('handshaking', this.due);
      else this.#opened();
    });
  }

  /** The handshake has succeeded. */
  ready(): void {
    this.#readClocks();
    this.#apply(() => {
      if (this.phase === 'handshaking') this.#opened();
    });
  }

  #opened(): void {
    this.#openedAt = this.#now();
    this.#enter('open', Infinity, this.attempt, this.cause);
    const isFirst = !this.#hasBeenOpen;
    this.#hasBeenOpen = true;
    this.#emit('open', ...(isFirst ? [] : ['again']));
    this.#effects.push(() => this.topics.forgetLingering());
  }

  /** A message has arrived on an open link and could be decoded. */
  received(message: string): void {
    this.lastMessage = message;
    this.onEvent('message');
  }

  lost(cause: string): void {
    this.#readClocks();
    this.#apply(() => {
      if (this.phase === 'closing') this.#stop('closed', 'requested');
      else if (this.#isAttempting || this.phase === 'open') this.#fail(cause);
    });
  }

  answered(answer: Answer): void {
    this.#apply(() => {
      if (!this.awaitsUrl || answer === 'never') return;
      this.awaitsUrl = false;
      if (answer === 'null') return this.#turnOff();
      if (answer === 'reject') return this.lost('AuthError');
      const scope = this.#explicitScope ?? answer;
      if (typeof this.scope === 'string' && scope !== this.scope) this.#resetAttempts();
      this.#enterScope(scope);
      this.#construct(answer);
    });
  }

  pageIsShown(): void {
    this.#isPrerendered = false;
  }

  signalled(signal: Signal): void {
    this.#readClocks();
    this.#apply(() => {
      if (signal === 'pagehide') {
        if (this.isLive && !this.#isWanted) this.#stop('idle', 'none');
        else if (this.#isAttempting || this.phase === 'prerendered' || this.phase === 'open') {
          this.#resetIfStable();
          this.#enter('parked', Infinity, this.attempt + 1, '1001');
          this.#emit('close', '1001');
        } else if (this.phase === 'waiting') this.#enter('parked', Infinity);
      } else if (signal === 'pageshow') {
        if (this.isLive && !this.#isWanted) this.#stop('idle', 'none');
        else if (this.phase === 'parked' || this.phase === 'prerendered') this.#startAttempt();
      } else if (signal !== 'offline') this.#shortenWait();
    });
  }

  /** Everything that is due happens. Of linger and deadline in the same millisecond, either may be first. */
  timePasses(isLingerFirst: boolean): void {
    this.topics.timePasses();
    const runs = (due: number) => this.#time.timerRunsAt(due) <= this.#now();
    while (runs(this.due) || runs(this.lingersUntil)) {
      const lingerAfterDeadline = this.lingersUntil - Math.max(this.due, this.#timerSetAt);
      if (lingerAfterDeadline > 0 || (lingerAfterDeadline === 0 && !isLingerFirst)) this.expire();
      else {
        this.lingersUntil = Infinity;
        this.#readClocks();
        this.#apply(() => {
          if (!this.isOpenedByApp && this.isLive) this.#stop('idle', 'none');
        });
      }
    }
  }

  /** The deadline of the phase has come. */
  expire(): void {
    this.#readClocks();
    this.#apply(() => {
      if (this.due > this.#now()) return;
      if (this.phase === 'closing') this.#stop('closed', 'requested');
      else if (this.phase === 'waiting' && !this.#isWanted) this.#stop('idle', 'none');
      else if (this.phase === 'waiting') this.#startAttempt();
      else if (this.due > this.#startedAt + CONNECT_TIMEOUT || this.#now() - this.due <= LATE)
        this.#fail('connect timeout');
      else this.due = this.#now() + LATE;
    });
  }

  // ── Helpers.

  /** Changes the state at once, also during a handler. The effects wait for those of earlier changes. */
  #apply(change: () => void): void {
    change();
    // An idle connection that is held, or was opened by the application, connects.
    if (this.phase === 'idle' && (this.isOpenedByApp || this.holders > 0)) this.open();
    if (this.#isBusy) return;
    this.#isBusy = true;
    for (let effect; (effect = this.#effects.shift());) effect();
    this.#isBusy = false;
    this.#timerSetAt = this.#now();
  }

  /** Every change of state sets the time of the next attempt again, by the wall clock of now. */
  #publishRetry(): void {
    this.retryAt = this.phase === 'waiting' ? this.due + this.#wallOffset : null;
  }

  #emit(type: 'open' | 'close', ...words: string[]): void {
    this.#effects.push(() => {
      this.events.push([type, ...words].join(' '));
      this.onEvent(type);
    });
  }

  #enter(phase: Phase, due: number, attempt = this.attempt, cause = this.cause): void {
    Object.assign(this, { phase, due, attempt, cause });
    this.#publishRetry();
    this.untilOpen.length = 0;
    if (!['handshaking', 'open', 'closing'].includes(phase)) this.hasSocket = false;
    if (phase !== 'connecting') this.awaitsUrl = false;
  }

  get #isRequested(): boolean {
    return this.cause === 'requested';
  }

  #now(): number {
    return this.#time.now();
  }

  /** Only the wall clock goes on while the computer sleeps. After a sleep, the wait for the next attempt is short. */
  #readClocks(): void {
    const slept = -this.#wallOffset + (this.#wallOffset = this.#time.wall() - this.#now());
    if (slept > SLEEP) this.#apply(() => this.#shortenWait());
  }

  #shortenWait(): void {
    if (this.phase === 'waiting')
      this.#enter('waiting', Math.min(this.due, this.#now() + SHORT_WAIT));
  }

  /** A new scope starts without the data of the old one. */
  #enterScope(scope: Expected['scope']): void {
    if (this.scope === scope) return;
    const isFirst = this.scope === undefined || this.scope === null;
    this.scope = scope;
    this.lastMessage = null;
    if (isFirst) return;
    this.#hasBeenOpen = false;
    this.topics.forgetLingering();
  }

  #scopeOf(url: Setup['url']): string | null | undefined {
    if (url === null) return null;
    return this.#explicitScope ?? (url === URL_FUNCTION ? undefined : url);
  }

  #open(): void {
    if (this.isLive) return;
    if (this.phase === 'closing') this.#emit('close', 'requested');
    this.#resetAttempts();
    this.#startAttempt();
  }

  #resetAttempts(): void {
    this.#wasRefused = false;
    this.attempt = 0;
    this.cause = 'none';
  }

  #startAnotherAttempt(isNewScope: boolean): void {
    const wasOpen = this.phase === 'open';
    this.#resetIfStable();
    if (isNewScope) this.#resetAttempts();
    else if (wasOpen) this.cause = 'requested';
    if (wasOpen) this.#emit('close', 'requested');
    this.#startAttempt();
  }

  #startAttempt(): void {
    this.#startedAt = this.#now();
    if (this.#isPrerendered) {
      this.#enter('prerendered', Infinity);
      this.scope ??= this.#scopeOf(this.url);
      return;
    }
    this.#enter('connecting', this.#startedAt + CONNECT_TIMEOUT);
    this.scope ??= this.#scopeOf(this.url);
    const attempt = ++this.#attempts;
    this.#effects.push(() => {
      // A handler may have changed the phase or the url, or started a later attempt.
      if (attempt !== this.#attempts || this.phase !== 'connecting' || this.url === null) return;
      if (this.url === URL_FUNCTION) this.awaitsUrl = true;
      else {
        this.#enterScope(this.#scopeOf(this.url));
        this.#construct(this.url);
      }
    });
  }

  #construct(address: string): void {
    if (this.newSocket === 'throws') return this.#refused('SyntaxError');
    this.address = address;
    this.sockets++;
    if (this.newSocket === 'is blocked') this.#refused('SecurityError');
    else this.hasSocket = true;
  }

  #refused(cause: string): void {
    this.#readClocks();
    this.#apply(() => this.#giveUp(cause));
  }

  #fail(cause: string): void {
    if (!this.#isWanted) {
      this.#wasRefused = false;
      this.#enter('idle', Infinity, 0, 'none');
      return this.#emit('close', cause, 'final');
    }
    const wasStable = this.#resetIfStable();
    if (wasStable && TOKEN_END_CODES.includes(cause) && this.#maxAttempts > 0) {
      this.#enter('waiting', this.#now() + SHORT_WAIT, 0, cause);
      return this.#emit('close', cause);
    }
    const attempt = this.attempt + 1;
    const refusal = REFUSAL_CODES.includes(cause);
    if (attempt > this.#maxAttempts || FINAL_CODES.includes(cause) || (refusal && this.#wasRefused))
      return this.#giveUp(cause);

    this.#wasRefused ||= refusal;
    this.attempt = attempt;
    this.cause = cause;
    if (cause === 'heartbeat timeout') {
      this.#enter('connecting', Infinity);
      this.#emit('close', cause);
      return this.#startAttempt();
    }
    const delay = 250 + Math.min(30_000, 3_000 * 2 ** (attempt - 1)) / 2;
    this.#enter('waiting', this.#now() + (cause === '1013' ? 4 * delay : delay));
    this.#emit('close', cause);
  }

  #giveUp(cause: string): void {
    if (!this.#isAttempting && this.phase !== 'open') return;
    this.#resetIfStable();
    this.#enter('closed', Infinity, this.attempt + 1, cause);
    this.#emit('close', cause, 'final');
  }

  #stop(phase: Phase, cause: string): void {
    const emitsClose = this.isLive || this.phase === 'closing';
    this.#wasRefused = false;
    this.#enter(phase, Infinity, 0, cause);
    if (emitsClose) this.#emit('close', 'requested', 'final');
  }

  #turnOff(): void {
    this.#enterScope(null);
    this.#stop('off', 'none');
  }

  /** Returns whether a stable link has ended the row of failures before it. */
  #resetIfStable(): boolean {
    if (this.phase !== 'open' || this.#now() - this.#openedAt < STABLE_AFTER) return false;
    this.attempt = 0;
    this.#wasRefused = false;
    return true;
  }
}
