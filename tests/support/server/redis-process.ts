import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { bundleText } from '../bundle.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * The script of a server process. It sends each message of a client to all others, subscribes all clients to a topic, and prints
 * who is in it, in alphabetical order, when this changes.
 */
const SCRIPT = `
import { createClient } from 'redis';
import { createLifelineServer, redisBroadcast, redisPresence } from './src/server.ts';

const { url, ...periods } = JSON.parse(process.argv[2]);
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
server.on('connection', (client) => server.subscribe(client, 'room'));
let members;
setInterval(() => {
  const now = server.presence.list('room')?.sort().join(' ');
  if (now !== undefined && now !== members) console.log('room ' + (members = now));
}, 10).unref();
server.on('message', (from, text) => server.broadcast(text, { except: from }));
process.on('SIGTERM', () => void server.close());
`;

/** A running server process. */
export interface ServerProcess {
  readonly url: string;
  /** The lines that it printed: `online ann`, `offline ann`, `error …`, in order. */
  readonly printed: readonly string[];
  /** Who was in the topic of all clients, from each change to the next: `ann bob`, in order. */
  readonly rooms: readonly string[];
  /** Stops it (SIGSTOP), and lets it go on (SIGCONT). */
  freezes(): void;
  thaws(): void;
  /** Kills it (SIGKILL). */
  kills(): Promise<void>;
  /** Ends it (SIGTERM), and returns its exit code. */
  ends(): Promise<number | null>;
}

/** Starts a server process with this Redis and these periods in milliseconds. */
export const startServerProcess = (options: {
  readonly url: string;
  readonly grace: number;
  readonly lease: number;
}): Promise<ServerProcess> => startProcess(SCRIPT, options);

/** Starts a server process. Its script prints `listening` and its port first. */
export async function startProcess(script: string, options: object): Promise<ServerProcess> {
  const child = spawn(process.execPath, ['--input-type=module', '-', JSON.stringify(options)], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(await bundleText(script));
  const printed: string[] = [];
  const rooms: string[] = [];
  createInterface(child.stdout).on('line', (line) => {
    if (line.startsWith('room ')) rooms.push(line.slice('room '.length));
    else printed.push(line);
  });
  await vi.waitFor(() => {
    if (!printed[0]?.startsWith('listening ')) throw new Error('The server process did not start.');
  }, 10_000);
  const port = printed.shift()?.slice('listening '.length);
  return {
    url: `ws://127.0.0.1:${port}`,
    printed,
    rooms,
    freezes: () => void child.kill('SIGSTOP'),
    thaws: () => void child.kill('SIGCONT'),
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
