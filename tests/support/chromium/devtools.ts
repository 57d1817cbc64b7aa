import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { chromiumArgs, findChromium } from '../chromium.mjs';

/**
 * A running Chromium, without Playwright: Playwright keeps a session attached to every page, so that no page is ever
 * hidden, and its flags switch off what these tests need.
 */
export interface DevTools {
  /** Calls a method of the DevTools protocol: of the browser or, with a session id, of a page. */
  ask<Answer>(method: string, parameters?: object, sessionId?: string): Promise<Answer>;
  /** Ends the browser and deletes its profile. */
  stops(): Promise<void>;
}

interface Answer {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** Starts a Chromium with these flags and its own profile. */
export async function startChromium(flags: readonly string[]): Promise<DevTools> {
  const found = await findChromium();
  if (!found) throw new Error('No Chromium was found.');
  const profile = await mkdtemp(join(tmpdir(), 'react-lifeline-'));
  // With a pipe instead of a port, the browser ends with this process, however that ends.
  const own = ['--headless', '--remote-debugging-pipe', `--user-data-dir=${profile}`];
  const chromium = spawn(found.path, [...chromiumArgs, ...own, ...flags, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const ended = once(chromium, 'exit');
  const ask = createAsk(chromium);
  return {
    ask,
    async stops() {
      ask('Browser.close').catch(() => {}); // it may have ended by itself
      await ended;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Sends and reads messages over the pipes of a Chromium: JSON, each followed by a zero byte. */
function createAsk(chromium: ChildProcess): DevTools['ask'] {
  const [requests, answers] = chromium.stdio.slice(3) as Duplex[];
  const waiting = new Map<number, (answer: Answer) => void>();
  let lastId = 0;
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
    for (const settle of waiting.values())
      settle({ error: { message: `Chromium ended (${code}).` } });
  });
  requests?.on('error', () => {}); // 'exit' follows

  return (method, parameters = {}, sessionId?) =>
    new Promise((resolve, reject) => {
      waiting.set(++lastId, ({ result, error }) =>
        error ? reject(new Error(`${method}: ${error.message}`)) : resolve(result as never),
      );
      requests?.write(`${JSON.stringify({ id: lastId, method, params: parameters, sessionId })}\0`);
    });
}
