import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import { type Browser, environment } from './browser.ts';
import { startProgram } from './start-program.ts';

const PREFERENCES = {
  // Those that Firefox has for tests change what is tested.
  'remote.prefs.recommended': false,
  'app.update.enabled': false,
  'browser.aboutwelcome.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'intl.locale.requested': 'en-US',
  // A name that is no loopback address for the rules about mixed content.
  'network.dns.localDomains': 'example.test',
};

/** A tab. */
interface Context {
  readonly context: string;
}

/** A session of WebDriver BiDi. */
interface Conversation {
  ask<Result>(method: string, parameters?: object): Promise<Result>;
  readonly socket: WebSocket;
}

interface Answer {
  readonly id?: number;
  readonly type: 'success' | 'error' | 'event';
  readonly result?: unknown;
  readonly message?: string;
}

/** Starts a Firefox with a page, and speaks WebDriver BiDi to it when it is asked for something. */
export async function startFirefox(command: string, url: string): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), 'react-lifeline-'));
  const lines = Object.entries(PREFERENCES).map(
    (preference) => `user_pref(${preference.map((part) => JSON.stringify(part)).join()});\n`,
  );
  await writeFile(join(profile, 'user.js'), lines.join(''));
  const firefox = startProgram(
    command,
    ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port=0', url],
    ['ignore', 'pipe'],
    { env: environment(profile) },
  );
  const listensAt = await address(firefox.child);
  let conversation: Promise<Conversation> | undefined;

  // Once there is a session, no field in the page takes what a test types: Vitest needs none.
  const ask = async <Result>(method: string, parameters: object = {}) => {
    conversation ??= converse(listensAt);
    return (await conversation).ask<Result>(method, parameters);
  };
  const page = async () => {
    const { contexts } = await ask<{ contexts: [Context] }>('browsingContext.getTree');
    return { context: contexts[0].context };
  };

  return {
    async goesTo(to) {
      await ask('browsingContext.navigate', { ...(await page()), url: to, wait: 'none' });
    },
    async goesBack() {
      await ask('browsingContext.traverseHistory', { ...(await page()), delta: -1 });
    },
    async evaluate<Value>(expression: string) {
      const { result } = await ask<{ result?: { value?: string } }>('script.evaluate', {
        expression: `Promise.resolve(${expression}).then(JSON.stringify)`,
        target: await page(),
        awaitPromise: true,
      });
      return (result?.value === undefined ? undefined : JSON.parse(result.value)) as Value;
    },
    async hides() {
      const own = await page();
      const tab = await ask<Context>('browsingContext.create', { type: 'tab' });
      await ask('browsingContext.activate', tab);
      return async () => {
        await ask('browsingContext.close', tab);
        await ask('browsingContext.activate', own);
      };
    },
    async setOffline(isOffline) {
      const networkConditions = isOffline ? { type: 'offline' } : null;
      const { context } = await page();
      await ask('emulation.setNetworkConditions', { networkConditions, contexts: [context] });
    },
    async stops() {
      await firefox.stops();
      (await conversation)?.socket.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 20 });
    },
  };
}

/** Where this Firefox listens: it says so on its standard error. */
async function address({ stderr }: ChildProcess): Promise<string> {
  if (!stderr) throw new Error('Firefox has no standard error.');
  const said: string[] = [];
  for await (const line of createInterface(stderr)) {
    const [, url] = /WebDriver BiDi listening on (ws:\S+)/.exec(line) ?? [];
    if (url) {
      stderr.resume(); // what it says later is not read
      return url;
    }
    said.push(line);
  }
  throw new Error(`Firefox ended:\n${said.join('\n')}`);
}

/** Starts a session. */
async function converse(url: string): Promise<Conversation> {
  const socket = new WebSocket(`${url}/session`);
  const waiting = new Map<number, (answer: Answer) => void>();
  let lastId = 0;
  // By default, ws delivers a Buffer.
  socket.on('message', (data: Buffer) => {
    const answer = JSON.parse(String(data)) as Answer;
    waiting.get(answer.id ?? 0)?.(answer);
    waiting.delete(answer.id ?? 0);
  });
  socket.on('close', () => {
    for (const settle of waiting.values()) settle({ type: 'error', message: 'Firefox ended.' });
  });
  await once(socket, 'open');
  const ask = <Result>(method: string, params: object = {}) =>
    new Promise<Result>((resolve, reject) => {
      waiting.set(++lastId, ({ type, result, message }) =>
        type === 'success'
          ? resolve(result as Result)
          : reject(new Error(`${method}: ${String(message)}`)),
      );
      socket.send(JSON.stringify({ id: lastId, method, params }));
    });
  await ask('session.new', { capabilities: { alwaysMatch: { acceptInsecureCerts: true } } });
  return { ask, socket };
}
