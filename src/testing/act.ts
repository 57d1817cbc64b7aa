'use client';

import * as React from 'react';

type Act = <Result>(run: () => Result) => Result;

/** React's global flag: whether updates outside `act()` are reported. */
const environment = globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean };

/** `act()` of React 19 and 18.3, or of 18.2. The builds for production have none, or one that throws. */
function findAct(): Act | undefined {
  const { act, unstable_act } = React as { act?: unknown; unstable_act?: unknown };
  const found = (act ?? unstable_act) as Act | undefined;
  try {
    found?.(() => {});
    return found;
  } catch {
    return undefined;
  }
}

let found: { readonly act: Act | undefined } | undefined;

/**
 * Calls a function, or awaits it, and then lets React render what has changed, with all effects: as `act()` of Testing
 * Library does. Inside of another `act()`, React renders at the end of that one.
 */
export function inAct<Result>(run: () => Result): Result {
  const before = environment.IS_REACT_ACT_ENVIRONMENT;
  const restore = () => {
    environment.IS_REACT_ACT_ENVIRONMENT = before as boolean;
  };
  environment.IS_REACT_ACT_ENVIRONMENT = true;
  let result: unknown;
  try {
    found ??= { act: findAct() };
    result = found.act ? found.act(run) : run();
  } catch (error) {
    restore();
    throw error;
  }
  if (typeof (result as PromiseLike<unknown> | undefined)?.then !== 'function') {
    restore();
    return result as Result;
  }
  // React's own thenable must be awaited at once.
  return new Promise((resolve, reject) => {
    (result as PromiseLike<unknown>).then(resolve, reject);
  }).finally(restore) as Result;
}
