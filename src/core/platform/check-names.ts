import { nearestName } from '../protocol/nearest-name.ts';
import { FULL_TEXTS } from './texts.ts';

/** An object whose keys are the known names. A value with `inner` has further names below it. */
interface Known {
  readonly [name: string]: { readonly inner?: Known | undefined } | string;
}

/**
 * Checks the names of all members of an object.
 *
 * @param noun - What a name should be, such as 'an event', for the error.
 * @throws TypeError for an unknown name; the message names the known one that is most like it, or all.
 */
export function checkNames(given: object | undefined, known: Known, noun: string): void {
  // Inherited names count too, because options are read by name.
  for (const name in given)
    if (!Object.hasOwn(known, name))
      throw new TypeError(
        FULL_TEXTS ? `${name} is not ${noun}${hint(name, known)}` : `${name} is unknown.`,
      );
}

function hint(name: string, known: Known): string {
  const nearest = nearestName(name, pathsOf(known, ''));
  return nearest
    ? `: did you mean ${nearest}?`
    : `. The names are ${Object.keys(known).join(', ')}.`;
}

/** Returns the known names and then, as in `heartbeat.interval`, those below them. */
const pathsOf = (known: Known, path: string): string[] => [
  ...Object.keys(known).map((name) => path + name),
  ...Object.entries(known).flatMap(([name, entry]) =>
    typeof entry === 'object' && entry.inner ? pathsOf(entry.inner, `${path}${name}.`) : [],
  ),
];
