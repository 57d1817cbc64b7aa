import type { WebSocketLike } from '../link/link.ts';
import type { Delivery, Next } from '../messages/delivery.ts';
import type { DeliveryHost, DeliveryOption } from '../messages/delivery-host.ts';
import type { Entry } from '../messages/outbox.ts';
import type { Sender } from '../messages/sender.ts';
import type { OutboxState, OutboxStore, OwnedOutbox, StoredMessage } from './outbox-store.ts';
import { restoredEntry, storedMessage } from './restored-entry.ts';
import { newOutbox } from './new-outbox.ts';
import { Session } from './session.ts';
import {
  checkScope,
  giveUp,
  inTime,
  isResting,
  loadOutbox,
  notStored,
  tellTaken,
} from './owning.ts';

type Parts<In, Out> = Parameters<DeliveryOption<In, Out>>;

/** A value of the option `store` of `confirmed()`: what `indexedDbStore()` and `outboxStore()` return. */
export type StoreOption = <In, Out>(...parts: Parts<In, Out>) => Delivery<Out>;

/**
 * Makes the value of the option `store` of `confirmed()` from functions of your own, such as for React Native.
 *
 * @example
 * ```ts
 * const delivery = confirmed({ store: outboxStore({ load: (scope) => outboxes.take(scope) }) });
 * ```
 */
export const outboxStore =
  (store: OutboxStore): StoreOption =>
  (...parts) =>
    new StoredSession(store, ...parts);

const isWithdrawn = <Out>({ options }: Entry<Out>) => !!options.signal?.aborted;

/** A session whose messages outlive the page. Each has a number from the start, and goes out when it is stored that it may have. */
class StoredSession<In, Out> extends Session<In, Out> {
  /** An earlier page may have used any id in the same outbox, and its requests may still be at work. */
  readonly requests: number = Math.floor(Math.random() * 2 ** 48);
  readonly #store: OutboxStore;
  readonly #host: DeliveryHost<In, Out>;
  readonly #sender: Sender<Out>;
  /** Whose messages are stored; null if nobody's. */
  #scope: string | null = null;
  /** The outbox that is owned, or will be. */
  #owning: Promise<OwnedOutbox> | undefined;
  #owned: OwnedOutbox | undefined;
  /** Whether the store has failed: messages go out without it. */
  #hasFailed = false;
  /** What was last given to the store. */
  #state: OutboxState | undefined;
  /** The numbers of the messages that are stored. */
  readonly #stored = new Set<number>();
  /** What this page has left to the store, where others may take it. */
  readonly #parked = new Set<Entry<Out>>();
  /** Messages up to this number may go out. */
  #free = 0;
  #isTidying = false;

  constructor(store: OutboxStore, ...parts: Parts<In, Out>) {
    super(...parts);
    const [host, sender] = parts;
    this.#store = store;
    this.#host = host;
    this.#sender = sender;
    checkScope(host.settings());
    this.counted.mayUse = (number) => this.#mayUse(number);
    host.on('scope', () => this.#follow());
    host.on('outbox', () => this.#follow());
    host.on('change', () => {
      if (isResting(host.state())) this.#park();
      else this.#follow();
    });
  }

  override async begin(socket: WebSocketLike, signal: AbortSignal): Promise<void> {
    this.#follow();
    await this.#owning?.catch(() => {});
    if (signal.aborted) throw signal.reason;
    await super.begin(socket, signal);
    const { token, identity, epoch } = this.#state ?? {};
    const isSame = token === this.token && identity === this.identity && epoch === this.epoch;
    // Before anything goes out that could not be asked for without them.
    if (this.#owned && !isSame) await this.#put();
  }

  protected override begins(taken: number): void {
    tellTaken(this.#sender.waiting, this.counted.outbox, taken);
  }

  override isFull(next: Next): boolean {
    const { options, number } = next;
    if (super.isFull(next)) return true;
    if (!this.#owned || options?.queue === false) return false;
    return !number || !this.#mayUse(number);
  }

  /** Whether numbers up to this one may go out. If need be, it is stored first that they may. */
  #mayUse(number: number): boolean {
    if (!this.#owned) return true;
    if (number > (this.#state?.sent ?? 0))
      void this.#put(undefined, Math.max(number, Math.min(this.counted.last, this.counted.limit)));
    return number <= this.#free;
  }

  /** Adapts what is owned and stored to what is so. */
  #follow(): void {
    const state = this.#host.state();
    const { status, scope = null, cause } = state;
    const isOver = status === 'closing' || (status === 'closed' && cause?.kind === 'requested');
    if (isOver || scope !== this.#scope) {
      this.#hasFailed = false;
      this.#parked.clear();
      void this.#letGo(true);
    }
    this.#scope = scope;
    const isNeeded =
      !isResting(state) ||
      (status === 'idle' &&
        (this.#sender.waiting.entries.size > 0 || [...this.#parked].some(isWithdrawn)));
    if (scope !== null && !isOver && isNeeded && !this.#owning && !this.#hasFailed)
      void this.#own(scope);
    if (this.#owned) this.#storeAll();
  }

  /** Takes an outbox that nobody owns. */
  async #own(scope: string): Promise<void> {
    const loading = loadOutbox(this.#store, scope, this.#host);
    const owning = inTime(this.#host.clock, loading);
    this.#owning = owning;
    try {
      const owned = await owning;
      if (owning === this.#owning) this.#restore(owned);
    } catch (error) {
      if (owning === this.#owning) this.#fail(error);
      // It may still come.
      await giveUp(loading, false);
    }
  }

  /** Gives up what is owned: as it is, or cleared. */
  async #letGo(isOver: boolean): Promise<void> {
    const owning = this.#owning;
    this.#owning = this.#owned = this.#state = undefined;
    this.#stored.clear();
    this.#free = 0;
    try {
      if (owning) await giveUp(owning, isOver);
    } catch (error) {
      if (!this.#hasFailed) this.#tell(error);
    }
  }

  /** Nobody holds the connection, or the page is in the cache: forgets what is stored, which others may send. */
  #park(): void {
    if (!this.#owning) return;
    for (const { entries, remove } of this.#outboxes())
      for (const entry of entries) {
        if (this.#stored.has(entry.number)) {
          remove(entry);
          this.#parked.add(entry);
          entry.options.signal?.addEventListener('abort', this.#withdraw);
        } else entry.number = 0;
      }
    void this.#letGo(false);
    this.renew();
    this.#host.emit('outbox');
  }

  /** What is stored is ours now. What was sent meanwhile comes behind it. */
  #restore(owned: OwnedOutbox): void {
    const { waiting } = this.#sender;
    const { state, messages } = owned;
    const early = [...waiting.entries];
    for (const entry of early) waiting.remove(entry);
    if (state) {
      const { outbox, token, identity, epoch, sent } = state;
      Object.assign(this, { outbox, token, identity, epoch });
      this.counted.renew(Math.max(sent, messages.at(-1)?.number ?? 0), sent);
      this.#state = state;
      this.#free = sent;
      for (const stored of messages) this.#restoreMessage(stored, state);
    }
    this.#parked.clear();
    this.#owned = owned;
    for (const entry of early) waiting.add(Object.assign(entry, { number: 0 }));
    for (const { drop } of this.#outboxes()) drop('aborted', isWithdrawn)();
    this.#follow();
  }

  #restoreMessage(stored: StoredMessage, state: OutboxState): void {
    const { waiting, encode } = this.#sender;
    this.#stored.add(stored.number);
    const parked = [...this.#parked].find(
      ({ number, item }) => number === stored.number && item.since === stored.since,
    );
    const entry = restoredEntry(this.#host, encode, stored, state, parked?.options.signal);
    if (!entry) return;
    if (stored.number <= state.sent) this.counted.restore(entry);
    else waiting.add(entry);
  }

  /** Stores what is new, and removes what has left. */
  #storeAll(): void {
    const { waiting } = this.#sender;
    if (!this.outbox || this.outbox !== this.#state?.outbox) {
      // Another outbox has begun. What waits was never sent, and belongs to it.
      if (this.#state) this.#watch((owned) => owned.clear());
      this.outbox ||= newOutbox();
      this.#stored.clear();
      this.#free = 0;
      this.#state = this.#describe(0);
      for (const entry of waiting.entries) entry.number = 0;
    }
    for (const entry of waiting.entries) if (!entry.number) this.#storeEntry(entry);
    if (this.#isTidying) return;
    this.#isTidying = true;
    void Promise.resolve().then(() => this.#tidy());
  }

  #storeEntry(entry: Entry<Out>): void {
    entry.number = ++this.counted.last;
    const isNext = this.#host.isOpen() && !super.isFull(entry);
    const sent = isNext ? entry.number : undefined;
    // A request is not stored: it ends with its page.
    if (!entry.options.left) void this.#put(entry, sent);
    else if (isNext) void this.#put(undefined, sent);
  }

  #tidy(): void {
    this.#isTidying = false;
    const gone = new Set(this.#stored);
    for (const { entries } of this.#outboxes())
      for (const { number } of entries) gone.delete(number);
    if (gone.size === 0) return;
    for (const number of gone) this.#stored.delete(number);
    this.#watch((owned) => owned.remove([...gone]));
  }

  /** Makes a change that nothing waits for. */
  #watch(change: (owned: OwnedOutbox) => Promise<void>): void {
    const owned = this.#owned;
    if (owned) change(owned).catch((error) => owned === this.#owned && this.#fail(error));
  }

  /** Stores the state, and a message. `sent`: messages up to this number may go out then. */
  async #put(entry?: Entry<Out>, sent: number = this.#state?.sent ?? 0): Promise<void> {
    const owned = this.#owned as OwnedOutbox;
    this.#state = this.#describe(sent);
    if (entry) this.#stored.add(entry.number);
    const putting = owned.put(this.#state, entry && storedMessage(entry));
    try {
      await inTime(this.#host.clock, putting);
    } catch (error) {
      // It may be late, and still succeed.
      if (owned !== this.#owned) return putting.catch((late) => this.#takeBack(late, entry));
      if (!entry || (error as Error).name !== 'DataCloneError') return this.#fail(error);
      this.#stored.delete(entry.number);
      this.#tell(error);
      return this.#put(undefined, sent);
    }
    if (owned !== this.#owned || sent <= this.#free) return;
    this.#free = sent;
    this.#sender.drain();
  }

  /** A message that was left to the store is not there. */
  #takeBack(error: unknown, entry?: Entry<Out>): void {
    if (!entry || !this.#parked.delete(entry)) return;
    entry.number = 0;
    this.#sender.waiting.add(entry);
    this.#tell(error);
  }

  /** A message is withdrawn that others may send: takes the outbox up, without it, and leaves it again. */
  readonly #withdraw = async () => {
    this.#follow();
    await this.#owning?.catch(() => {});
    await Promise.resolve();
    if (isResting(this.#host.state())) this.#park();
  };

  #describe(sent: number): OutboxState {
    const { outbox, token, identity, epoch } = this;
    const { sent: before = 0, at: earlier = 0 } = this.#state ?? {};
    const at = sent > before ? this.#host.clock.wall() : earlier;
    return { scope: this.#scope as string, outbox, token, identity, epoch, sent, at };
  }

  /** From now on messages go out without the store, in which nothing must stay that is not so any more. */
  #fail(error: unknown): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    void this.#letGo(true);
    this.#tell(error);
    this.#sender.drain();
  }

  #tell(cause: unknown): void {
    this.#host.emit('error', notStored(cause));
  }

  #outboxes() {
    return [this.counted.outbox, this.#sender.waiting];
  }
}
