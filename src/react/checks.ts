import { RULES } from '../core/options/validate.ts';
import { checkNames } from '../core/platform/check-names.ts';
import { FULL_TEXTS } from '../core/platform/texts.ts';
import { isConnection } from './own-connection.ts';

// What programs without types may do wrong. Call these behind FULL_TEXTS where the core refuses the mistake as well.

/**
 * Checks the options of a connection that a component makes, where they differ from those of the core.
 *
 * @throws TypeError for an unknown option, and if `enabled` or `manual` is no boolean: null, for example, would mean the default.
 */
export function checkHeld(options: {
  readonly enabled?: unknown;
  readonly manual?: unknown;
}): void {
  checkNames(options, { ...RULES, enabled: '', manual: '' }, 'an option of a connection');
  for (const name of ['enabled', 'manual'] as const) {
    const kind = typeof options[name];
    if (kind !== 'boolean' && kind !== 'undefined')
      throw new TypeError(`${name} must be a boolean, not ${kind}.`);
  }
}

/**
 * Checks a connection that was given to a component.
 *
 * @param options - What was given with it.
 * @throws TypeError if it is not a connection, or comes with options: it has its own.
 */
export function checkGiven(connection: unknown, options: object = {}): void {
  if (!isConnection(connection))
    throw new TypeError('connection must be one that createConnection() has made, or undefined.');
  for (const [name, value] of Object.entries(options))
    if (value !== undefined)
      throw new TypeError(
        `${name} cannot be given with a connection, which has its own options: use connection.update().`,
      );
}

/** @throws TypeError if the options of `useWebSocket(url, options)` have a url, too: it would have no effect. */
export function checkNoUrl(options: unknown): void {
  if ('url' in Object(options))
    throw new TypeError('useWebSocket() takes the url as its first argument, not as an option.');
}

/**
 * Checks the options of a hook.
 *
 * @param known - The names of its options, besides `connection`.
 * @throws TypeError for an unknown option, and for a connection that is none.
 */
export function checkHookOptions(
  hook: string,
  options: { readonly connection?: unknown } | undefined,
  known?: Readonly<Record<string, string>>,
): void {
  checkNames(options, { connection: '', ...known }, `an option of ${hook}()`);
  if (!FULL_TEXTS || options === undefined) return;
  const kind = (options as unknown) === null ? 'null' : typeof options;
  if (kind !== 'object') throw new TypeError(`${hook}() takes an object of options, not ${kind}.`);
  if (options.connection !== undefined) checkGiven(options.connection);
}

/** @throws TypeError if the value is no function, outside a production build. `needs` is the beginning of the message. */
export function checkFunction(value: unknown, needs: string): void {
  if (FULL_TEXTS && typeof value !== 'function')
    throw new TypeError(`${needs} that is a function, not ${typeof value}.`);
}

/** @throws TypeError if the value is neither a string nor empty, outside a production build. */
export function checkText(value: unknown, takes: string): void {
  if (FULL_TEXTS && typeof (value ?? '') !== 'string')
    throw new TypeError(`${takes} that is a string or null, not ${typeof value}.`);
}
