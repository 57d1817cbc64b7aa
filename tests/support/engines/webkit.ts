import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { listen } from '../listen.ts';
import { type Browser, environment } from './browser.ts';
import { type Program, startProgram } from './start-program.ts';

/** How long the driver may take to start, in milliseconds. */
const PATIENCE = 30_000;

/** Starts WebKitGTK's MiniBrowser with a page, on a screen of its own, and speaks WebDriver to it. */
export async function startWebKit(command: string, url: string): Promise<Browser> {
  const home = await mkdtemp(join(tmpdir(), 'react-lifeline-'));
  const [screen, display] = await startScreen();
  const probe = createServer();
  const port = await listen(probe, 0);
  await new Promise((resolve) => probe.close(resolve));
  const driver = startProgram(
    command,
    [`--port=${port}`, '--host=127.0.0.1'],
    ['ignore', 'ignore'],
    { env: { ...environment(home), DISPLAY: display } },
  );

  async function ask<Result>(method: string, path: string, body?: object): Promise<Result> {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    });
    const { value } = (await response.json()) as { value: Result & { message?: string } };
    if (!response.ok) throw new Error(`${method} ${path}: ${value?.message}`);
    return value;
  }

  const patience = performance.now() + PATIENCE;
  while (!(await ask('GET', '/status').catch(() => false))) {
    if (performance.now() > patience) throw new Error(`${command} does not answer.`);
    await delay(20);
  }
  const { sessionId } = await ask<{ sessionId: string }>('POST', '/session', {
    capabilities: {
      alwaysMatch: {
        browserName: 'MiniBrowser',
        acceptInsecureCerts: true,
        pageLoadStrategy: 'none',
      },
    },
  });
  const session = `/session/${sessionId}`;

  const goesTo = async (to: string) => ask<void>('POST', `${session}/url`, { url: to });

  await goesTo(url);
  return {
    goesTo,
    async goesBack() {
      await ask('POST', `${session}/back`, {});
    },
    evaluate: (expression) =>
      ask('POST', `${session}/execute/sync`, { script: `return (${expression})`, args: [] }),
    // A tab that WebDriver opens stays behind the page, which is no more hidden for it.
    async hides() {
      await ask('POST', `${session}/window/minimize`, {});
      return async () => ask('POST', `${session}/window/maximize`, {});
    },
    async setOffline() {
      throw new Error('WebDriver cannot take the network from WebKitGTK.');
    },
    async stops() {
      await ask('DELETE', session).catch(() => {}); // it may have ended by itself
      await driver.stops();
      await screen.stops();
      await rm(home, { recursive: true, force: true, maxRetries: 20 });
    },
  };
}

/** Starts an X server in memory. Returns it and its display: the first number that is free. */
async function startScreen(): Promise<[Program, display: string]> {
  const screen = startProgram(
    'Xvfb',
    ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'],
    ['ignore', 'ignore', 'pipe'],
  );
  for await (const number of createInterface(screen.child.stdio[3] as Readable))
    return [screen, `:${number}`];
  throw new Error('Xvfb ended.');
}
