import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { chromiumArgs, findChromium } from '../chromium.mjs';

/**
 * A running Chromium. It is not driven by Playwright, which keeps a session attached to every page: such a page never
 * counts as hidden, and Playwright's flags switch off the very things that a fault needs.
 */
export interface DevTools {
  /** Calls a method of the DevTools protocol: of the browser or, by its session, of a page. */
  ask<Answer>(method: string, parameters?: object, sessionId?: string): Promise<Answer>;
  /** Ends the browser and throws its profile away. */
  stops(): Promise<void>;
}

interface Answer {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** Starts the Chromium that is found, with flags of the test's own and with a profile of its own. */
export async function startChromium(flags: readonly string[]): Promise<DevTools> {
  const found = await findChromium();
  if (!found) throw new Error('There is no Chromium here.');
  const profile = await mkdtemp(join(tmpdir(), 'react-lifeline-'));
  // Asked by a pipe instead of a port, it ends with this process, however that ends.
  const own = ['--headless', '--remote-debugging-pipe', `--user-data-dir=${profile}`];
  const chromium = spawn(found.path, [...chromiumArgs, ...own, ...flags, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const ended = once(chromium, 'exit');
  const ask = speaker(chromium);
  return {
    ask,
    async stops() {
      ask('Browser.close').catch(() => {}); // it may have ended by itself
      await ended;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Speaks over the pipes of a Chromium: JSON, and a zero byte after each message. */
function speaker(chromium: ChildProcess): DevTools['ask'] {
  const [questions, answers] = chromium.stdio.slice(3) as Duplex[];
  const waiting = new Map<number, (answer: Answer) => void>();
  let asked = 0;
  let unread = '';
  answers?.setEncoding('utf8').on('data', (text: string) => {
    const messages = (unread + text).split('\0');
    unread = messages.pop() ?? '';
    for (const message of messages) {
      const answer = JSON.parse(message) as Answer;
      waiting.get(answer.id ?? 0)?.(answer);
      waiting.delete(answer.id ?? 0);
    }
  });
  chromium.on('exit', (code) => {
    for (const hear of waiting.values()) hear({ error: { message: `Chromium ended (${code}).` } });
  });
  questions?.on('error', () => {}); // 'exit' tells

  return (method, parameters = {}, sessionId?) =>
    new Promise((resolve, reject) => {
      waiting.set(++asked, ({ result, error }) =>
        error ? reject(new Error(`${method}: ${error.message}`)) : resolve(result as never),
      );
      questions?.write(`${JSON.stringify({ id: asked, method, params: parameters, sessionId })}\0`);
    });
}
