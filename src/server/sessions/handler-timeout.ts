import type { Outcome, SessionApp } from './app.ts';

const TOO_LONG =
  'A message handler took too long, so that its client was told that it failed, and the next message is handled. Raise handlerTimeout, or answer a long task by a request.';

/** Waits for a handler, but not for too long: then it has failed. */
export function settleWithin(
  ms: number,
  outcome: Promise<Outcome>,
  { report }: SessionApp,
  settled: (outcome: Outcome) => void,
): void {
  let isOver = false;
  const end = (result: Outcome) => {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    settled(result);
  };
  const timer = setTimeout(() => {
    report(new Error(TOO_LONG));
    end({ reason: null });
  }, ms);
  void outcome.then(end);
}
