type Report = (error: unknown) => void;

/**
 * Reports the rejection of a promise that a function of the application has returned, although nothing waits for it. Node
 * ends the process at an unhandled one.
 */
export function reportRejection(result: unknown, report: Report): void {
  (result as PromiseLike<unknown> | null | undefined)?.then?.(undefined, report);
}

/** The functions among the options whose result counts at once, so that a promise never counts. */
const SYNCHRONOUS = ['origins', 'path', 'protocols', 'visible'] as const;

/** Lets these functions report the rejection of a promise that they return nevertheless. */
export function withRejectionsReported<
  Settings extends { readonly [Name in (typeof SYNCHRONOUS)[number]]?: unknown },
>(settings: Settings, report: Report): Settings {
  const wrapped: Record<string, unknown> = {};
  for (const name of SYNCHRONOUS) {
    const option: unknown = settings[name];
    if (typeof option !== 'function') continue;
    wrapped[name] = (...args: unknown[]): unknown => {
      const result: unknown = option(...args);
      reportRejection(result, report);
      return result;
    };
  }
  return { ...settings, ...wrapped };
}
