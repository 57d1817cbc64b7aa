/** The lengths of tests that can run for any time. */
export interface Lengths {
  /** The number of reconnects for fault 50. */
  readonly reconnects: number;
  /** The minutes of random faults for fault 52. */
  readonly minutes: number;
  /** The seed of the random faults. */
  readonly seed: number;
}

declare module 'vitest' {
  interface ProvidedContext {
    lengths: Lengths;
  }
}

const isLong = Boolean(process.env.SOAK);
const { SOAK_MINUTES = isLong ? 30 : 0.5, SOAK_SEED = Math.random() * 2 ** 31 } = process.env;

/** Short ones for `npm test`, long ones with `SOAK` in the environment, as for `npm run soak`. */
export const lengths: Lengths = {
  reconnects: isLong ? 10_000 : 500,
  minutes: Number(SOAK_MINUTES),
  seed: Math.floor(Number(SOAK_SEED)),
};
