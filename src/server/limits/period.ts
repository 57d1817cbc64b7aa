/** The longest delay of `setTimeout`, a signed 32-bit number (HTML standard, Node). A longer one would end at once. */
export const MAX_PERIOD: number = 2 ** 31 - 1;

/** Whether a value is a number of milliseconds, 0 or more, that a timer can wait. */
export const isPeriod = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value <= MAX_PERIOD;

/** @throws TypeError if a period is not a whole number of milliseconds from `min` on; the message names the option. */
export function checkWholePeriod(name: string, period: number, min: number): void {
  if (!Number.isInteger(period) || period < min || period > MAX_PERIOD)
    throw new TypeError(
      `${name} must be a whole number from ${min} to ${MAX_PERIOD}, not ${String(period)}.`,
    );
}
