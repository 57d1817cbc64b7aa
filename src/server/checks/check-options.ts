import { nearestName } from '../../core/protocol/nearest-name.ts';
import { describe } from './describe.ts';

/**
 * Checks that options are an object, and their names. What is undefined or inherited is not given.
 *
 * @param noun - Whose options they are, such as 'a server', for the error.
 * @throws TypeError if they are no object, or a name is unknown: the message names the known one that is most like it.
 */
export function checkOptions(options: object, known: readonly string[], noun: string): void {
  if (!isObject(options))
    throw new TypeError(`The options must be an object, not ${describe(options)}.`);
  for (const name in options) {
    if (known.includes(name) || !Object.hasOwn(options, name)) continue;
    if (Reflect.get(options, name) === undefined) continue;
    const nearest = nearestName(name, known);
    const hint = nearest ? `: did you mean ${nearest}?` : '.';
    throw new TypeError(
      `${name} is not an option of ${noun}${hint} The options are ${known.join(', ')}.`,
    );
  }
}

/** Whether a value is an object, and no list. */
export const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Checks that a store or channel is given to one server only.
 *
 * @param isUsed - Whether a server has it already.
 * @param name - The function that made it, for the error.
 * @throws Error if it is used.
 */
export function checkUnused(isUsed: boolean, name: string): void {
  if (isUsed)
    throw new Error(`This ${name} already belongs to a server: make one for each server.`);
}
