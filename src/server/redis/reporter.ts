import { isRefusal } from './refusal.ts';

/** The longest reason in an error, in UTF-16 code units. */
const MAX_REASON = 200;

/** Reports problems with Redis to the server, each problem once. */
export class RedisReporter {
  readonly #report: (error: Error) => void;
  readonly #meanwhile: string;
  #isLossReported = false;
  #isRefusalReported = false;
  #isUnusableMessageReported = false;

  /** @param meanwhile - A sentence that tells what happens while Redis cannot be used. */
  constructor(report: (error: Error) => void, meanwhile: string) {
    this.#report = report;
    this.#meanwhile = meanwhile;
  }

  /**
   * Reports that Redis cannot be used; only once until {@link recovered} is called, and once more when it refuses what it
   * will refuse again. Returns whether it was reported.
   */
  lost(error: unknown): boolean {
    const isPermanent = isRefusal(error);
    if (this.#isRefusalReported || (this.#isLossReported && !isPermanent)) return false;
    this.#isLossReported = true;
    this.#isRefusalReported = isPermanent;
    const cause = withoutArguments(error);
    const fact = `Redis cannot be used: ${reasonOf(cause)}.`;
    this.#report(new Error(`${fact} ${this.#meanwhile}`, { cause }));
    return true;
  }

  /** Called when Redis can be used again: the next loss is reported again. */
  recovered(): void {
    this.#isLossReported = false;
    this.#isRefusalReported = false;
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
