/** A wait that can be ended early. Only one can be active at a time. */
export class Wait {
  #end: (() => void) | undefined;

  /** Waits for a number of milliseconds, or until {@link end} is called. */
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

  /** Ends the active wait, if there is one. */
  end(): void {
    this.#end?.();
  }
}

/** Returns the result of a promise. Rejects if the promise takes longer than `ms` milliseconds. */
export function within<Result>(ms: number, promise: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    let timer = setTimeout(() => {
      // After a busy process, this second timer leaves time to read an answer that has already arrived.
      timer = setTimeout(() => reject(new Error(`there was no answer for ${ms} ms`)));
    }, ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
