/** How long the tests run that can run for any length. */
export interface Lengths {
  /** How often the connection reconnects in row 50. */
  readonly reconnects: number;
  /** For how long the faults of row 52 come. */
  readonly minutes: number;
  /** What decides which they are. */
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
