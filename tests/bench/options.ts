import { parseArgs } from 'node:util';
import { LIBRARIES } from './libraries/index.ts';
import { SCENARIOS } from './scenarios/index.ts';

/** What is to be measured. */
export interface Options {
  readonly rounds: number;
  readonly scenarios: readonly string[];
  readonly libraries: readonly string[];
  /** Whether to tell where the time goes instead. */
  readonly profile: boolean;
  /** Whether it is all there is to measure, and often enough to be told. */
  readonly complete: boolean;
}

const ENOUGH = 5;
const ALL = SCENARIOS.map(({ name }) => name);
const EVERYBODY = LIBRARIES.map(({ name }) => name);

const HELP = `npm run bench -- [options]
  --rounds 5         how often each library has its turn
  --only a,b         scenarios: ${ALL.join(', ')}
  --libraries a,b    libraries: ${EVERYBODY.join(', ')}
  --profile          where the time goes: one play of each, unminified, under the profiler
With all scenarios and libraries and ${ENOUGH} rounds or more, it writes tests/bench/RESULTS.md, otherwise
.bench/partial.md. The figures of every round are in .bench/results.json or partial.json.`;

/** Reads the command line; null where it only asks for help. */
export function readOptions(args: string[]): Options | null {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: String(ENOUGH) },
      only: { type: 'string', default: ALL.join() },
      libraries: { type: 'string', default: EVERYBODY.join() },
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
  const scenarios = chosen('--only', values.only, ALL);
  const libraries = chosen('--libraries', values.libraries, EVERYBODY);
  const complete =
    rounds >= ENOUGH && scenarios.length === ALL.length && libraries.length === EVERYBODY.length;
  return { rounds, scenarios, libraries, profile: values.profile, complete };
}

/** The known names among those given, in the order in which they are known. */
function chosen(option: string, given: string, known: readonly string[]): readonly string[] {
  const asked = given.split(',').map((name) => name.trim());
  const unknown = asked.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new TypeError(`${option} does not know "${unknown}": it takes ${known.join(', ')}.`);
  return known.filter((name) => asked.includes(name));
}
