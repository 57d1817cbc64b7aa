import { parseArgs } from 'node:util';
import { FURTHER, LIBRARIES } from './libraries/index.ts';
import { SCENARIOS } from './scenarios/index.ts';

/** The options of the bench. */
export interface Options {
  readonly rounds: number;
  readonly scenarios: readonly string[];
  readonly libraries: readonly string[];
  /** Whether to profile instead of measuring. */
  readonly profile: boolean;
  /** How many times the thread time of the first library the last one may take; null for no limit. */
  readonly limit: number | null;
  /** Whether everything is measured, in enough rounds for RESULTS.md. */
  readonly complete: boolean;
}

const ENOUGH_ROUNDS = 5;
const ALL_SCENARIOS = SCENARIOS.map(({ name }) => name);
const ALL_LIBRARIES = LIBRARIES.map(({ name }) => name);

const HELP = `npm run bench -- [options]
  --rounds 5         how often each library is measured
  --only a,b         scenarios: ${ALL_SCENARIOS.join(', ')}
  --libraries a,b    libraries: ${ALL_LIBRARIES.join(', ')};
                     and by name: ${FURTHER.map(({ name }) => name).join(', ')}
  --limit 1.1        fails if the last library takes more than so many times the thread time of the first
  --profile          profiles one play of each, unminified, and prints self times
With all scenarios and libraries and ${ENOUGH_ROUNDS} rounds or more, it writes tests/bench/RESULTS.md, otherwise
.bench/partial.md. The figures of every round are in .bench/results.json or partial.json.`;

/** Reads the command line; null for --help. */
export function readOptions(args: string[]): Options | null {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: String(ENOUGH_ROUNDS) },
      only: { type: 'string', default: ALL_SCENARIOS.join() },
      libraries: { type: 'string', default: ALL_LIBRARIES.join() },
      limit: { type: 'string' },
      profile: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return null;
  }
  const rounds = Number(values.rounds);
  if (!(rounds >= 1 && Number.isInteger(rounds)))
    throw new TypeError('--rounds takes a whole number of 1 or more.');
  const scenarios = chosen('--only', values.only, ALL_SCENARIOS);
  const libraries = chosen('--libraries', values.libraries, [
    ...ALL_LIBRARIES,
    ...FURTHER.map(({ name }) => name),
  ]);
  const complete =
    rounds >= ENOUGH_ROUNDS &&
    scenarios.length === ALL_SCENARIOS.length &&
    libraries.length === ALL_LIBRARIES.length;
  const limit = values.limit === undefined ? null : Number(values.limit);
  if (limit !== null && !(limit > 0)) throw new TypeError('--limit takes a number above 0.');
  return { rounds, scenarios, libraries, limit, profile: values.profile, complete };
}

/** The given names, in the order of the known ones. Throws on an unknown one. */
function chosen(option: string, given: string, known: readonly string[]): readonly string[] {
  const names = given.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new TypeError(`${option} has no "${unknown}": it takes ${known.join(', ')}.`);
  return known.filter((name) => names.includes(name));
}
