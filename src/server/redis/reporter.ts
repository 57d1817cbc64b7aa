/** Tells the server what is wrong with Redis, each thing once. */
export class RedisReporter {
  readonly #report: (error: Error) => void;
  readonly #meanwhile: string;
  #isLossReported = false;
  #isUnusableMessageReported = false;

  /** @param meanwhile - A sentence on what holds while Redis cannot be used. */
  constructor(report: (error: Error) => void, meanwhile: string) {
    this.#report = report;
    this.#meanwhile = meanwhile;
  }

  /** Redis cannot be used. Reported once until {@link recovered} is called. */
  lost(cause: unknown): void {
    if (this.#isLossReported) return;
    this.#isLossReported = true;
    const fact = `Redis cannot be used: ${reasonOf(cause)}.`;
    this.#report(new Error(`${fact} ${this.#meanwhile}`, { cause }));
  }

  /** Redis can be used again: the next loss is reported. */
  recovered(): void {
    this.#isLossReported = false;
  }

  /** A message came that none of our servers can have published. Reported once. */
  unusableMessage(channel: string, cause: unknown): void {
    if (this.#isUnusableMessageReported) return;
    this.#isUnusableMessageReported = true;
    const fact = `A message on the Redis channel '${channel}' could not be used, and was ignored`;
    this.#report(
      new Error(`${fact}: choose a prefix with which nobody else publishes there.`, { cause }),
    );
  }
}

/** Why Redis cannot be used, in a few words. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  // A name with several addresses fails with an AggregateError, whose message is empty.
  const { message, code = cause.name }: Error & { code?: string } = cause;
  return (message || code).replace(/\.$/, '');
}
