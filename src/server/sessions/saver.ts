import type { Failure } from '../protocol/delivery-frames.ts';
import type { GuardedStore } from './guarded-store.ts';
import type { SessionRecord } from './store.ts';

/** The session of a saver. */
interface SavedSession {
  readonly name: string;
  readonly record: SessionRecord;
  /** The store has more of it. */
  saved(): void;
  /** The store does not take it. */
  failed(error: unknown): void;
}

/** How long a server that closes waits for a store that does not answer, in milliseconds. */
const LAST_SAVE_PERIOD = 3_000;

/** `changed`: there is more to save than what is being saved. `stopped`: nothing is saved, or counts as saved, any more. */
type State = 'idle' | 'saving' | 'changed' | 'stopped';

/** Brings a session into its store: one save at a time. What changes meanwhile comes with the next one, and no handler waits. */
export class Saver {
  /** The last number that the store has. Nothing above it is confirmed. */
  saved = 0;
  readonly #store: Pick<GuardedStore, 'save'>;
  readonly #session: SavedSession;
  #state: State = 'idle';
  #ending: NodeJS.Timeout | undefined;

  constructor(store: Pick<GuardedStore, 'save'>, session: SavedSession) {
    this.#store = store;
    this.#session = session;
  }

  /** Whether the store does not have everything yet. */
  get isBusy(): boolean {
    return this.#state === 'saving' || this.#state === 'changed';
  }

  /** @returns Whether the store has everything already. Otherwise the session is told. */
  save(): boolean {
    if (this.#state === 'saving') this.#state = 'changed';
    if (this.#state !== 'idle') return false;
    const { name, record } = this.#session;
    const { taken } = record;
    const saving = this.#store.save(name, record);
    if (saving) {
      this.#state = 'saving';
      void saving.then(
        () => this.#end(taken),
        (error) => this.#fail(error),
      );
    } else this.saved = taken;
    return !saving;
  }

  /** Returns what the client can be told beyond a number; null for nothing. */
  newsSince(confirmed: number): { number: number; failed?: readonly Failure[] } | null {
    const { saved: number } = this;
    if (number <= confirmed) return null;
    const isNew = ([failed]: Failure) => failed > confirmed && failed <= number;
    const failed = this.#session.record.failed.filter(isNew);
    return { number, ...(failed.length > 0 && { failed }) };
  }

  /** Waits for nothing any more: nothing further is saved, or counts as saved. */
  stop(): void {
    this.#stopWaiting();
    this.#state = 'stopped';
  }

  /** The server closes: does not wait for a store that does not answer. */
  endSoon(): void {
    this.#ending ??= setTimeout(() => {
      this.stop();
      this.#session.saved();
    }, LAST_SAVE_PERIOD).unref();
  }

  #stopWaiting(): void {
    clearTimeout(this.#ending);
    this.#ending = undefined;
  }

  #end(taken: number): void {
    if (this.#state === 'stopped') return;
    const isChanged = this.#state === 'changed';
    this.#state = 'idle';
    this.saved = Math.max(this.saved, taken);
    if (isChanged) this.save();
    else this.#stopWaiting();
    this.#session.saved();
  }

  #fail(error: unknown): void {
    if (this.#state === 'stopped') return;
    this.#state = 'idle';
    this.#session.failed(error);
  }
}
