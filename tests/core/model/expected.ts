import type { Signal } from '../../../src/core/signals.ts';
import type { Status } from '../../../src/core/snapshot.ts';

/** Stands for a url function. */
export const ASK = 'a function';

/** What a url function says: a url, 'null', 'reject' or 'never'. */
export type Answer = string;

/** What the constructor of a socket does. */
export type Dialling = 'works' | 'throws' | 'is blocked';

/** The options that a history is lived with; what changes on the way is in the model. */
export interface Setup {
  /** A url, {@link ASK} or nothing. */
  readonly url: string | null;
  readonly scope: string | undefined;
  readonly reconnect: boolean | { readonly maxAttempts: number };
  readonly maxMessages: number;
  readonly linger: number;
  readonly closeTimeout: number;
}

type Phase = 'idle' | 'off' | 'connecting' | 'open' | 'waiting' | 'parked' | 'closing' | 'closed';

export const CONNECT_TIMEOUT = 10_000;
const STABLE_AFTER = 5_000;
const HURRY = 500;

const HOPELESS = ['1002', '1003', '1007', '1009', '1010'];
const REFUSALS = ['1008', '4401', '4403'];

/**
 * What the documentation says must become of a connection: its wishes, failures and times, in words. It knows no
 * machine, no effects and no heartbeat; that a link was found dead it is told.
 */
export class Expected {
  phase: Phase;
  attempt = 0;
  cause = 'none';
  /** When the phase ends by itself. */
  due = Infinity;
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
  url: Setup['url'];
  /** What the data belongs to; undefined while a function has yet to tell. */
  scope: string | null | undefined;
  dialling: Dialling = 'works';
  /** The events of a connection, in words; whoever reads them empties the list. */
  events: string[] = [];
  /** Called with an event at the moment at which handlers are. */
  onEvent: (type: 'open' | 'close') => void = () => {};

  readonly #setup: Setup;
  readonly #now: () => number;
  #refused = false;
  #since = 0;
  readonly #queue: (() => void)[] = [];

  constructor(setup: Setup, now: () => number) {
    this.#setup = setup;
    this.#now = now;
    this.url = setup.url;
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
    return Math.min(this.due, this.lingersUntil);
  }

  // ── Wishes.

  open(): void {
    if (this.url === null) return;
    this.held ||= this.holders === 0;
    this.#then(() => this.#open());
  }

  reconnect(): void {
    if (this.url === null) return;
    this.held ||= this.holders === 0;
    this.#then(() => (this.isLive ? this.#redial(false) : this.#open()));
  }

  close(): void {
    this.held = false;
    this.#then(() => {
      if (this.phase === 'off' || this.phase === 'closing') return;
      if (this.phase !== 'open') return this.#stop('closed', 'requested');
      this.#enter('closing', this.#now() + this.#setup.closeTimeout, 0, 'none');
    });
  }

  retain(): void {
    this.holders++;
    this.lingersUntil = Infinity;
    if (this.phase === 'idle' || this.phase === 'off') this.open();
  }

  release(): void {
    if (this.holders === 0 || --this.holders > 0 || this.held) return;
    this.lingersUntil = this.#now() + this.#setup.linger;
  }

  point(url: Setup['url']): void {
    const fresh = this.#scopeOf(url) !== this.#scopeOf(this.url);
    const other = fresh || url !== this.url;
    this.url = url;
    if (url === null) this.#then(() => this.#turnOff());
    else if (other)
      this.#then(() => {
        if (this.isLive) this.#redial(fresh);
        else if (fresh && this.phase === 'closing') this.#stop('idle', 'none');
        else if (fresh || this.phase === 'off' || (this.phase === 'closed' && !this.#isRequested))
          this.#enter('idle', Infinity, 0, 'none');
        if (fresh) this.scope = this.#scopeOf(url);
      });
  }

  // ── What happens.

  accepted(): void {
    this.#then(() => {
      if (this.phase !== 'connecting') return;
      this.#since = this.#now();
      this.#enter('open', Infinity, this.attempt, this.cause);
      this.#tell('open');
    });
  }

  lost(cause: string): void {
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
      if (answer === 'reject') return this.#fail('AuthError');
      const scope = this.#setup.scope ?? answer;
      if (typeof this.scope === 'string' && scope !== this.scope) this.#forget();
      this.scope = scope;
      this.#construct();
    });
  }

  signalled(signal: Signal): void {
    this.#then(() => {
      if (signal === 'pagehide') {
        if (this.phase === 'connecting' || this.phase === 'open') {
          this.#forgetIfStable();
          this.#enter('parked', Infinity, this.attempt + 1, '1001');
          this.#tell('close', '1001');
        } else if (this.phase === 'waiting') this.#enter('parked', Infinity);
      } else if (signal === 'pageshow') {
        if (this.phase === 'parked') this.#dial();
      } else if (signal !== 'offline' && this.phase === 'waiting') {
        this.#enter('waiting', Math.min(this.due, this.#now() + HURRY));
      }
    });
  }

  /** Everything that is due happens. Of two things in the same millisecond either may be the first. */
  timePasses(isLingerFirst: boolean): void {
    for (const now = this.#now(); this.nextDue <= now;) {
      const lingers = this.lingersUntil - this.due;
      if (lingers > 0 || (lingers === 0 && !isLingerFirst)) this.expire();
      else {
        this.lingersUntil = Infinity;
        this.#then(() => {
          if (!this.held && this.isLive) this.#stop('idle', 'none');
        });
      }
    }
  }

  /** The phase has lasted long enough. */
  expire(): void {
    if (this.due > this.#now()) return;
    this.#then(() => {
      if (this.phase === 'closing') this.#stop('closed', 'requested');
      else if (this.phase === 'waiting') this.#dial();
      else this.#fail('connect timeout');
    });
  }

  // ── How one thing leads to another.

  /** What a handler asks for waits until the event in hand is over; in the end, nobody who wants it is left waiting. */
  #then(act: () => void): void {
    if (this.#queue.push(act) > 1) return;
    for (let next; (next = this.#queue[0]); this.#queue.shift()) next();
    if (this.phase === 'idle' && (this.held || this.holders > 0)) this.open();
  }

  #tell(type: 'open' | 'close', ...words: string[]): void {
    this.events.push([type, ...words].join(' '));
    this.onEvent(type);
  }

  #enter(phase: Phase, due: number, attempt = this.attempt, cause = this.cause): void {
    Object.assign(this, { phase, due, attempt, cause });
    if (phase !== 'open' && phase !== 'closing') this.hasSocket = false;
    if (phase !== 'connecting') this.asks = false;
  }

  get #isRequested(): boolean {
    return this.cause === 'requested';
  }

  #scopeOf(url: Setup['url']): string | null | undefined {
    if (url === null) return null;
    return this.#setup.scope ?? (url === ASK ? undefined : url);
  }

  #open(): void {
    if (this.isLive) return;
    if (this.phase === 'closing') this.#tell('close', 'requested');
    this.#forget();
    this.#dial();
  }

  #forget(): void {
    this.#refused = false;
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
    if (this.url === ASK) this.asks = true;
    else {
      this.scope = this.#scopeOf(this.url);
      // A handler may just have taken the url away.
      if (this.url !== null) this.#construct();
    }
  }

  #construct(): void {
    if (this.dialling === 'throws') return this.#then(() => this.#giveUp('SyntaxError'));
    this.sockets++;
    if (this.dialling === 'is blocked') this.#then(() => this.#giveUp('SecurityError'));
    else this.hasSocket = true;
  }

  #fail(cause: string): void {
    this.#forgetIfStable();
    const { reconnect } = this.#setup;
    const attempt = this.attempt + 1;
    const refusal = REFUSALS.includes(cause);
    const most = typeof reconnect === 'object' ? reconnect.maxAttempts : Infinity;
    if (!reconnect || attempt > most || HOPELESS.includes(cause) || (refusal && this.#refused))
      return this.#giveUp(cause);

    this.#refused ||= refusal;
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
    this.#refused = false;
    this.#enter(phase, Infinity, 0, cause);
    if (tells) this.#tell('close', 'requested', 'finally');
  }

  #turnOff(): void {
    this.scope = null;
    this.#stop('off', 'none');
  }

  #forgetIfStable(): void {
    if (this.phase !== 'open' || this.#now() - this.#since < STABLE_AFTER) return;
    this.attempt = 0;
    this.#refused = false;
  }
}
