import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { bundleText } from '../bundle.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** A server in a process of its own, as an application writes it. It repeats to all others what a client says. */
const SCRIPT = `
import { createClient } from 'redis';
import { createLifelineServer, redisBroadcast, redisPresence } from './src/server.ts';

const { url, ...periods } = JSON.parse(process.argv[1]);
const client = createClient({ url });
const server = createLifelineServer({
  port: 0,
  host: '127.0.0.1',
  origins: [null],
  authenticate: (request) => request.url.slice(1),
  presence: redisPresence(client, periods),
  broadcasts: redisBroadcast(client),
});
for (const type of ['listening', 'online', 'offline', 'error'])
  server.on(type, (what) => console.log(type + ' ' + what));
server.on('message', (from, text) => server.broadcast(text, { except: from }));
process.on('SIGTERM', () => void server.close());
`;

/** Such a server, seen from outside. */
export interface ServerProcess {
  readonly url: string;
  /** What it said: `online ann`, `offline ann`, `error …`, in order. */
  readonly said: readonly string[];
  /** Ends it without giving it a chance (SIGKILL). */
  kills(): Promise<void>;
  /** Ends it as an operator does (SIGTERM), and returns its exit code. */
  ends(): Promise<number | null>;
}

/** Starts a server process on a Redis, with these periods in milliseconds. */
export async function startServerProcess(options: {
  readonly url: string;
  readonly grace: number;
  readonly lease: number;
}): Promise<ServerProcess> {
  const child = spawn(
    process.execPath,
    ['--input-type=module', '--eval', await bundleText(SCRIPT), JSON.stringify(options)],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const said: string[] = [];
  createInterface(child.stdout).on('line', (line) => said.push(line));
  await vi.waitFor(() => {
    if (!said[0]?.startsWith('listening ')) throw new Error('The server process did not start.');
  }, 10_000);
  const port = said.shift()?.slice('listening '.length);
  return {
    url: `ws://127.0.0.1:${port}`,
    said,
    kills: async () => void (await end(child, 'SIGKILL')),
    ends: () => end(child, 'SIGTERM'),
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exit = once(child, 'exit');
  child.kill(signal);
  const [code] = (await exit) as [number | null];
  return code;
}
