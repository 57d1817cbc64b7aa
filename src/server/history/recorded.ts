type Report = (error: unknown) => void;

/** What is said without a history, or to one that needs no time, is recorded at once. */
export const RECORDED: PromiseLike<void> = Promise.resolve();

/** A message that a history records. Who waits for it gets the error, if there is one; if nobody does, it is reported. */
export class Recording implements PromiseLike<void> {
  readonly #recorded: Promise<void>;
  #isAwaited = false;

  constructor(recorded: Promise<void>, report: Report) {
    this.#recorded = recorded;
    recorded.catch((error: unknown) => {
      // `await` looks at a promise like this one only a little later.
      setImmediate(() => {
        if (!this.#isAwaited) report(error);
      });
    });
  }

  // oxlint-disable-next-line unicorn/no-thenable -- it must know whether somebody waits
  then<Result = void, Failure = never>(
    onRecorded?: ((value: void) => Result | PromiseLike<Result>) | null,
    onFailed?: ((reason: unknown) => Failure | PromiseLike<Failure>) | null,
  ): PromiseLike<Result | Failure> {
    this.#isAwaited = true;
    return this.#recorded.then(onRecorded, onFailed);
  }
}
