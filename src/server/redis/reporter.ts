import { isRefusal } from './refusal.ts';

/** The longest reason in an error, in UTF-16 code units. */
const MAX_REASON = 200;

/** Reports problems with Redis to the server, each problem once. */
export class RedisReporter {
  readonly #report: (error: Error) => void;
  readonly #meanwhile: string;
  /** Who cannot use Redis now, and whether only an operator can end that. */
  readonly #outages: Map<RedisReporter, boolean>;
  #isUnusableMessageReported = false;

  /**
   * @param meanwhile - A sentence that tells what happens while Redis cannot be used.
   * @param outages - Shared by several reporters, so that an outage of all is reported once.
   */
  constructor(
    report: (error: Error) => void,
    meanwhile: string,
    outages: Map<RedisReporter, boolean> = new Map<RedisReporter, boolean>(),
  ) {
    this.#report = report;
    this.#meanwhile = meanwhile;
    this.#outages = outages;
  }

  /**
   * Reports that Redis cannot be used; only once until {@link recovered} is called, and once more when it refuses what it
   * will refuse again. Returns whether it is another problem than before.
   */
  lost(error: unknown): boolean {
    const isPermanent = isRefusal(error);
    const covers = (refused?: boolean) => refused === true || (refused === false && !isPermanent);
    if (covers(this.#outages.get(this))) return false;
    const isReported = [...this.#outages.values()].some(covers);
    this.#outages.set(this, isPermanent);
    if (isReported) return true;
    const cause = withoutArguments(error);
    const fact = `Redis cannot be used: ${reasonOf(cause)}.`;
    this.#report(new Error(`${fact} ${this.#meanwhile}`, { cause }));
    return true;
  }

  /** Called when Redis can be used again: the next loss is reported again. */
  recovered(): void {
    this.#outages.delete(this);
  }

  /** Reports, only once, a message that no server of this library can have published. */
  unusableMessage(channel: string, cause: unknown): void {
    if (this.#isUnusableMessageReported) return;
    this.#isUnusableMessageReported = true;
    const fact = `A message on the Redis channel '${channel}' could not be read, and was ignored`;
    this.#report(new Error(`${fact}: choose a prefix that no other program uses.`, { cause }));
  }
}

/** Returns a short reason why Redis cannot be used. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  // If a host name has several addresses, the error is an AggregateError with an empty message.
  const { message, code = cause.name }: Error & { code?: string } = cause;
  return (message || code).slice(0, MAX_REASON).replace(/\.$/, '');
}

/**
 * Returns an error without the arguments of the refused command. A Redis that does not know HELLO quotes them, and the
 * password is one of them.
 */
function withoutArguments(error: unknown): unknown {
  const [fact = '', args] = error instanceof Error ? error.message.split(', with args ') : [];
  return args === undefined ? error : new Error(fact);
}
