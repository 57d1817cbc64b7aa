import type { Signal } from '../../../src/core/platform/signals.ts';
import type { Status } from '../../../src/core/machine/snapshot.ts';
import {
  type Answer,
  ASK,
  CONNECT_TIMEOUT,
  type Dialling,
  type Heartbeat,
  type Setup,
  type Time,
} from './setup.ts';
import { ExpectedTopics } from './topics.ts';

export type Phase =
  | 'idle'
  | 'off'
  | 'connecting'
  | 'open'
  | 'waiting'
  | 'parked'
  | 'closing'
  | 'closed';

const STABLE_AFTER = 5_000;
const HURRY = 500;
const SLEPT = 5_000;

const HOPELESS = ['1002', '1003', '1007', '1009', '1010'];
const REFUSALS = ['1008', '4401', '4403'];

/**
 * What the documentation says must become of a connection: its wishes, failures and times, in words. It knows no
 * machine and no effects; that a link was found dead it is told.
 */
export class Expected {
  phase: Phase;
  attempt = 0;
  cause = 'none';
  /** When the phase ends by itself. */
  due = Infinity;
  /** The same on the wall clock, as it went when somebody last looked at it; null unless waiting. */
  retryAt: number | null = null;
  /** Sockets made up to now. */
  sockets = 0;
  /** Whether the newest socket is the one in use. */
  hasSocket = false;
  /** Whether a url function is being asked. */
  asks = false;
  holders = 0;
  /** Opened by the application itself. */
  held = false;
  lingersUntil = Infinity;
  readonly topics: ExpectedTopics;
  url: Setup['url'];
  heartbeat: Heartbeat;
  /** Where the newest socket goes, as far as it is known: an answer is asked for with a token. */
  address: string | null = null;
  /** What the data belongs to; undefined while a function has yet to tell. */
  scope: string | null | undefined;
  /** The newest message of the scope. */
  lastMessage: string | null = null;
  dialling: Dialling = 'works';
  /** The events of a connection, in words; whoever reads them empties the list. */
  events: string[] = [];
  /** Called with an event at the moment at which handlers are. */
  onEvent: (type: 'open' | 'close' | 'message') => void = () => {};

  readonly #setup: Setup;
  #explicitScope: Setup['scope'];
  readonly #time: Time;
  #wasRefused = false;
  #since = 0;
  /** The last time that anything happened: the timer was set anew. */
  #armedAt = 0;
  /** Whether the scope has had a link. */
  #hasLinked = false;
  /** By how much the wall clock is ahead of the other. */
  #ahead = NaN;
  /** What is still to be heard or done, in order. */
  readonly #effects: (() => void)[] = [];
  #isBusy = false;
  #dials = 0;

  constructor(setup: Setup, time: Time) {
    this.#setup = setup;
    this.#time = time;
    this.topics = new ExpectedTopics(time, setup.linger);
    this.url = setup.url;
    this.#explicitScope = setup.scope;
    this.heartbeat = setup.heartbeat;
    this.scope = this.#scopeOf(setup.url);
    this.phase = setup.url === null ? 'off' : 'idle';
  }

  get isLive(): boolean {
    return ['connecting', 'open', 'waiting', 'parked'].includes(this.phase);
  }

  get status(): Status {
    if (this.phase === 'off') return 'idle';
    if (this.phase === 'waiting' || this.phase === 'parked') return 'reconnecting';
    if (this.phase === 'connecting' && this.cause !== 'none') return 'reconnecting';
    return this.phase;
  }

  get nextDue(): number {
    const due = Math.min(this.due, this.lingersUntil, this.topics.nextDue);
    return this.#time.timerRunsAt(due);
  }

  // ── Wishes.

  open(): void {
    if (this.url === null) return;
    this.#look();
    this.#openedByApp();
    this.#then(() => this.#open());
  }

  reconnect(): void {
    if (this.url === null) return;
    this.#look();
    this.#openedByApp();
    this.#then(() => (this.isLive ? this.#redial(false) : this.#open()));
  }

  close(): void {
    this.#look();
    this.held = false;
    this.#then(() => {
      if (this.phase === 'off' || this.phase === 'closing') return;
      if (this.phase !== 'open') return this.#stop('closed', 'requested');
      this.#enter('closing', this.#now() + this.#setup.closeTimeout, 0, 'none');
    });
  }

  retain(): void {
    this.#look();
    if (this.holders++ === 0) this.#publishRetry();
    this.lingersUntil = Infinity;
    if (this.phase === 'idle' || this.phase === 'off') this.open();
    else this.#then(() => {});
  }

  #openedByApp(): void {
    if (this.held || this.holders > 0) return;
    this.held = true;
    this.#publishRetry();
  }

  release(): void {
    if (this.holders === 0) return;
    this.holders--;
    this.#look();
    if (this.holders > 0) return;
    this.lingersUntil = this.#now() + this.#setup.linger;
    this.#publishRetry();
    this.#then(() => {});
  }

  point(url: Setup['url'], scope: Setup['scope']): void {
    const before = this.#scopeOf(this.url);
    this.#explicitScope = scope;
    const fresh = this.#scopeOf(url) !== before;
    const other = fresh || url !== this.url;
    this.url = url;
    if (fresh) this.#belongTo(this.#scopeOf(url));
    if (fresh || other) this.#look();
    if (url === null) this.#then(() => this.#turnOff());
    else if (other)
      this.#then(() => {
        if (this.isLive) this.#redial(fresh);
        else if (fresh && this.phase === 'closing') this.#stop('idle', 'none');
        else if (fresh || this.phase === 'off' || (this.phase === 'closed' && !this.#isRequested)) {
          this.scope ??= this.#scopeOf(url);
          this.#enter('idle', Infinity, 0, 'none');
        }
      });
  }

  configure(heartbeat: Heartbeat): void {
    if (heartbeat === this.heartbeat) return;
    this.#look();
    this.#then(() => (this.heartbeat = heartbeat));
  }

  /** Whoever sends looks at the clock first. */
  sends(): void {
    this.#look();
    if (this.due <= this.#now()) this.expire();
  }

  // ── What happens.

  accepted(): void {
    this.#look();
    this.#then(() => {
      if (this.phase !== 'connecting') return;
      this.#since = this.#now();
      this.#enter('open', Infinity, this.attempt, this.cause);
      const isFirst = !this.#hasLinked;
      this.#hasLinked = true;
      this.#tell('open', ...(isFirst ? [] : ['again']));
      this.#effects.push(() => this.topics.forgetLingering());
    });
  }

  /** A message that could be read has come over an open link. */
  received(message: string): void {
    this.lastMessage = message;
    this.onEvent('message');
  }

  lost(cause: string): void {
    this.#look();
    this.#then(() => {
      if (this.phase === 'closing') this.#stop('closed', 'requested');
      else if (this.phase === 'connecting' || this.phase === 'open') this.#fail(cause);
    });
  }

  answered(answer: Answer): void {
    this.#then(() => {
      if (!this.asks || answer === 'never') return;
      this.asks = false;
      if (answer === 'null') return this.#turnOff();
      if (answer === 'reject') return this.lost('AuthError');
      const scope = this.#explicitScope ?? answer;
      if (typeof this.scope === 'string' && scope !== this.scope) this.#forget();
      this.#belongTo(scope);
      this.#construct(answer);
    });
  }

  signalled(signal: Signal): void {
    this.#look();
    this.#then(() => {
      if (signal === 'pagehide') {
        if (this.phase === 'connecting' || this.phase === 'open') {
          this.#forgetIfStable();
          this.#enter('parked', Infinity, this.attempt + 1, '1001');
          this.#tell('close', '1001');
        } else if (this.phase === 'waiting') this.#enter('parked', Infinity);
      } else if (signal === 'pageshow') {
        if (this.phase === 'parked') this.#dial();
      } else if (signal !== 'offline') this.#hurry();
    });
  }

  /** Everything that is due happens. Of two things in the same millisecond either may be the first. */
  timePasses(isLingerFirst: boolean): void {
    this.topics.timePasses();
    const runs = (due: number) => this.#time.timerRunsAt(due) <= this.#now();
    while (runs(this.due) || runs(this.lingersUntil)) {
      const lingers = this.lingersUntil - Math.max(this.due, this.#armedAt);
      if (lingers > 0 || (lingers === 0 && !isLingerFirst)) this.expire();
      else {
        this.lingersUntil = Infinity;
        this.#look();
        this.#then(() => {
          if (!this.held && this.isLive) this.#stop('idle', 'none');
        });
      }
    }
  }

  /** The phase has lasted long enough. */
  expire(): void {
    this.#look();
    this.#then(() => {
      if (this.due > this.#now()) return;
      if (this.phase === 'closing') this.#stop('closed', 'requested');
      else if (this.phase === 'waiting') this.#dial();
      else this.#fail('connect timeout');
    });
  }

  // ── How one thing leads to another.

  /** What a handler asks for changes the phase at once; what comes of it waits its turn. */
  #then(act: () => void): void {
    act();
    // Nobody who wants it is left waiting.
    if (this.phase === 'idle' && (this.held || this.holders > 0)) this.open();
    if (this.#isBusy) return;
    this.#isBusy = true;
    for (let effect; (effect = this.#effects.shift());) effect();
    this.#isBusy = false;
    this.#armedAt = this.#now();
  }

  /** Whenever the state changes, the time of the next attempt is told anew, as the wall clock goes now. */
  #publishRetry(): void {
    this.retryAt = this.phase === 'waiting' ? this.due + this.#ahead : null;
  }

  #tell(type: 'open' | 'close', ...words: string[]): void {
    this.#effects.push(() => {
      this.events.push([type, ...words].join(' '));
      this.onEvent(type);
    });
  }

  #enter(phase: Phase, due: number, attempt = this.attempt, cause = this.cause): void {
    Object.assign(this, { phase, due, attempt, cause });
    this.#publishRetry();
    if (phase !== 'open' && phase !== 'closing') this.hasSocket = false;
    if (phase !== 'connecting') this.asks = false;
  }

  get #isRequested(): boolean {
    return this.cause === 'requested';
  }

  #now(): number {
    return this.#time.now();
  }

  /** The wall clock goes on while the machine sleeps. After that, the next attempt may well succeed. */
  #look(): void {
    const slept = -this.#ahead + (this.#ahead = this.#time.wall() - this.#now());
    if (slept > SLEPT) this.#then(() => this.#hurry());
  }

  #hurry(): void {
    if (this.phase === 'waiting') this.#enter('waiting', Math.min(this.due, this.#now() + HURRY));
  }

  /** Nothing of one scope reaches the next. */
  #belongTo(scope: Expected['scope']): void {
    if (this.scope === scope) return;
    const isFirst = this.scope === undefined || this.scope === null;
    this.scope = scope;
    this.lastMessage = null;
    if (isFirst) return;
    this.#hasLinked = false;
    this.topics.forgetLingering();
  }

  #scopeOf(url: Setup['url']): string | null | undefined {
    if (url === null) return null;
    return this.#explicitScope ?? (url === ASK ? undefined : url);
  }

  #open(): void {
    if (this.isLive) return;
    if (this.phase === 'closing') this.#tell('close', 'requested');
    this.#forget();
    this.#dial();
  }

  #forget(): void {
    this.#wasRefused = false;
    this.attempt = 0;
    this.cause = 'none';
  }

  #redial(fresh: boolean): void {
    const wasOpen = this.phase === 'open';
    this.#forgetIfStable();
    if (fresh) this.#forget();
    else if (wasOpen) this.cause = 'requested';
    if (wasOpen) this.#tell('close', 'requested');
    this.#dial();
  }

  #dial(): void {
    this.#enter('connecting', this.#now() + CONNECT_TIMEOUT);
    this.scope ??= this.#scopeOf(this.url);
    const dial = ++this.#dials;
    this.#effects.push(() => {
      // A handler may have changed the plan.
      if (dial !== this.#dials || this.phase !== 'connecting' || this.url === null) return;
      if (this.url === ASK) this.asks = true;
      else {
        this.#belongTo(this.#scopeOf(this.url));
        this.#construct(this.url);
      }
    });
  }

  #construct(address: string): void {
    if (this.dialling === 'throws') return this.#refused('SyntaxError');
    this.address = address;
    this.sockets++;
    if (this.dialling === 'is blocked') this.#refused('SecurityError');
    else this.hasSocket = true;
  }

  #refused(cause: string): void {
    this.#look();
    this.#then(() => this.#giveUp(cause));
  }

  #fail(cause: string): void {
    this.#forgetIfStable();
    const { reconnect } = this.#setup;
    const attempt = this.attempt + 1;
    const refusal = REFUSALS.includes(cause);
    const most = typeof reconnect === 'object' ? reconnect.maxAttempts : Infinity;
    if (!reconnect || attempt > most || HOPELESS.includes(cause) || (refusal && this.#wasRefused))
      return this.#giveUp(cause);

    this.#wasRefused ||= refusal;
    this.attempt = attempt;
    this.cause = cause;
    if (cause === 'heartbeat timeout') {
      this.#enter('connecting', Infinity);
      this.#tell('close', cause);
      return this.#dial();
    }
    const delay = 250 + Math.min(30_000, 3_000 * 2 ** (attempt - 1)) / 2;
    this.#enter('waiting', this.#now() + (cause === '1013' ? 4 * delay : delay));
    this.#tell('close', cause);
  }

  #giveUp(cause: string): void {
    if (this.phase !== 'connecting' && this.phase !== 'open') return;
    this.#forgetIfStable();
    this.#enter('closed', Infinity, this.attempt + 1, cause);
    this.#tell('close', cause, 'finally');
  }

  #stop(phase: Phase, cause: string): void {
    const tells = this.isLive || this.phase === 'closing';
    this.#wasRefused = false;
    this.#enter(phase, Infinity, 0, cause);
    if (tells) this.#tell('close', 'requested', 'finally');
  }

  #turnOff(): void {
    this.#belongTo(null);
    this.#stop('off', 'none');
  }

  #forgetIfStable(): void {
    if (this.phase !== 'open' || this.#now() - this.#since < STABLE_AFTER) return;
    this.attempt = 0;
    this.#wasRefused = false;
  }
}
