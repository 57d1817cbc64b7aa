import type { RedisLink } from './link.ts';
import { SESSION_SCRIPTS, type SessionScript } from './session-scripts.ts';

/** Calls a script. If that fails, the link is lost. */
export type Run = (script: SessionScript, values?: readonly string[]) => Promise<unknown>;

/**
 * Loads the scripts on a link, so that a call need not carry their texts, and returns what calls them.
 *
 * @param args - The id of this server, and the periods that all scripts get.
 */
export async function loadScripts(
  link: RedisLink,
  base: string,
  [server, ...periods]: readonly [string, ...number[]],
): Promise<Run> {
  const [, process = ''] = /run_id:(\w+)/.exec(String(await link.send('INFO', 'server'))) ?? [];
  const texts = Object.entries(SESSION_SCRIPTS);
  const hashes = await Promise.all(texts.map(([, text]) => link.send('SCRIPT', 'LOAD', text)));
  const known = new Map(texts.map(([name], n) => [name, String(hashes[n])]));
  const args = [server, process, ...periods.map(String)];
  return async (script, values = []) => {
    try {
      return await link.send('EVALSHA', known.get(script) ?? '', '1', base, ...args, ...values);
    } catch (error) {
      link.lose(error as Error);
      throw error;
    }
  };
}
