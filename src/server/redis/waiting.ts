/** A wait that can be cut short. Only one may be under way at a time. */
export class Wait {
  #end: (() => void) | undefined;

  /** Waits so many milliseconds, or until {@link end} is called. */
  start(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.end(), ms);
      this.#end = () => {
        clearTimeout(timer);
        this.#end = undefined;
        resolve();
      };
    });
  }

  /** Ends the wait that is under way, if there is one. */
  end(): void {
    this.#end?.();
  }
}

/** The same promise, which rejects where it takes longer than so many milliseconds. */
export function within<Result>(ms: number, promise: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    let timer = setTimeout(() => {
      // A process that was busy reads what has arrived before this second timer ends.
      timer = setTimeout(() => reject(new Error(`there was no answer for ${ms} ms`)));
    }, ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
