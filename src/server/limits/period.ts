/** The longest delay that `setTimeout` takes (HTML standard: 32 bits, signed). A longer one would end at once. */
export const MAX_PERIOD: number = 2 ** 31 - 1;

/** Whether this is a number of milliseconds, from 0, for which a timer can be set. */
export const isPeriod = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value <= MAX_PERIOD;
