import fc from 'fast-check';
import { LIFELINE } from '../../../src/core/protocol/frames.ts';

/** Another `FUZZ_SEED` gives other frames. */
export const FUZZ_SEED: number = Number(process.env.FUZZ_SEED ?? 6);

const names = fc.constantFrom(
  '__proto__',
  'constructor',
  'toString',
  'ada',
  '',
  'x'.repeat(257),
  '{"toString":1}',
);
const values = fc.oneof(
  names,
  fc.double(),
  fc.constantFrom(null, true, {}, [], { toString: 1 }),
  fc.string(),
);
const words = fc.constantFrom(
  'ping',
  'ping',
  'ping',
  'watch',
  'unwatch',
  'leave',
  'pong',
  'presence',
  '__proto__',
);
const nearly = fc.record(
  {
    lifeline: fc.oneof({ weight: 4, arbitrary: words }, values),
    id: values,
    topic: values,
    timestamp: fc.oneof(fc.double(), values),
    other: values,
  },
  { requiredKeys: ['lifeline'] },
);
const cut = fc
  .tuple(nearly, fc.nat(60))
  .map(([word, at]) => JSON.stringify(word).slice(0, LIFELINE.length + at));
/** Frames, half of which are nearly well-formed. */
export const frames: fc.Arbitrary<string> = fc.oneof(
  { weight: 2, arbitrary: nearly.map((word) => JSON.stringify(word)) },
  cut,
  fc.string(),
  fc.json({ maxDepth: 2 }),
);

/** Whether a frame is well-formed, found in another way than by the server. */
export function isWord(text: string): boolean {
  const fields = fieldsOf(text);
  const word = fields.get('lifeline');
  if (word === 'watch' || word === 'unwatch') return isNameOrNone(fields, 'topic');
  if (word !== 'ping') return word === 'leave';
  return isNameOrNone(fields, 'id') && isProbe(text);
}

function isNameOrNone(fields: ReadonlyMap<string, unknown>, member: string): boolean {
  const name = fields.get(member);
  return (
    !fields.has(member) || (typeof name === 'string' && name.length >= 1 && name.length <= 256)
  );
}

/** Whether a frame must be answered, found in another way than by the server. */
export function isProbe(text: string): boolean {
  const fields = fieldsOf(text);
  const time = fields.get('timestamp');
  return fields.get('lifeline') === 'ping' && typeof time === 'number' && Math.abs(time) < Infinity;
}

/** The fields of an object whose first one is `lifeline`; otherwise none. */
function fieldsOf(text: string): ReadonlyMap<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && Object.keys(parsed)[0] === 'lifeline')
      return new Map<string, unknown>(Object.entries(parsed));
  } catch {
    // Not JSON.
  }
  return new Map();
}

/** A random mixture of two frames. */
export function mutate(one: string, other: string, random: () => number): string {
  const at = Math.floor(random() * (one.length + 1));
  const from = Math.floor(random() * (other.length + 1));
  const kind = random();
  if (kind < 0.2) return one;
  if (kind < 0.4) return one.slice(0, at) + other.slice(from);
  if (kind < 0.6) return one.slice(0, at) + String.fromCharCode(random() * 256) + one.slice(at + 1);
  if (kind < 0.8) return LIFELINE + other.slice(from);
  return one.replace('"timestamp":', `"timestamp":${Math.floor(random() * 10)}`);
}
