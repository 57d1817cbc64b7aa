import { isPeriod, MAX_PERIOD } from './period.ts';

/** Options that are numbers above zero. Those whose names end in `ttl` are periods in milliseconds, the others counts. */
type Counts<Name extends string> = { readonly [Each in Name]?: number | undefined };

/**
 * Checks the values of such options, and fills in the defaults.
 *
 * @throws TypeError if an option is not valid; the message names it and what is expected.
 */
export function readCounts<Name extends string>(
  options: Counts<Name>,
  defaults: Readonly<Record<Name, number>>,
): Record<Name, number> {
  const counts: Record<Name, number> = { ...defaults };
  for (const [option, value] of Object.entries<number | undefined>(options)) {
    if (value === undefined) continue;
    const isTtl = /ttl$/i.test(option);
    if (isTtl ? !isPeriod(value) || value <= 0 : !isCount(value))
      throw new TypeError(
        `${option} must be ${isTtl ? `a number of milliseconds above zero, and at most ${MAX_PERIOD}` : 'a whole number above zero, or Infinity'}.`,
      );
    counts[option as Name] = value;
  }
  return counts;
}

const isCount = (value: number) => value === Infinity || (Number.isInteger(value) && value > 0);
