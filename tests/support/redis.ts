import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from './own-port.ts';

/** The message when there is no Redis. */
export const redisHelp =
  'No redis-server found: apt-get install -y redis-server (Debian, Ubuntu), brew install redis (macOS).';

/** Whether a Redis is installed. */
export function hasRedis(): boolean {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A real Redis that can be stopped and killed. */
export interface Redis {
  readonly url: string;
  readonly port: number;
  /** Pauses: takes connections and answers nothing (SIGSTOP). */
  freezes(): void;
  /** Resumes (SIGCONT). */
  thaws(): void;
  /** Is killed (SIGKILL): connections are reset, new ones refused. */
  dies(): Promise<void>;
  /** Starts again on the same port, with its data on disk: none without `keepData`; perhaps with more options. */
  starts(more?: readonly string[]): Promise<void>;
  /** Is killed and removed. */
  ends(): Promise<void>;
}

/**
 * Starts a Redis on its own port.
 *
 * @param keepData - Whether every change is written to disk.
 * @param always - More options.
 */
export async function startRedis(keepData = false, always: readonly string[] = []): Promise<Redis> {
  const dir = await mkdtemp(join(tmpdir(), 'redis-'));
  const port = await freePort();
  let running: ChildProcess | undefined;

  async function starts(more: readonly string[] = []): Promise<void> {
    const options = {
      port,
      bind: '127.0.0.1',
      dir,
      save: '',
      appendonly: keepData ? 'yes' : 'no',
      appendfsync: 'always',
    };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const child = spawn('redis-server', [...args, ...always, ...more], {
      // A newer Redis ends at once if the locale of the machine is not installed.
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    running = child;
    const said: string[] = [];
    for await (const line of createInterface(child.stdout)) {
      said.push(line);
      if (line.includes('Ready to accept connections')) {
        child.stdout.resume();
        return;
      }
    }
    throw new Error(`The Redis did not start:\n${said.join('\n')}`);
  }

  async function dies(): Promise<void> {
    const child = running;
    if (!child) return;
    running = undefined;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  await starts();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    freezes: () => void running?.kill('SIGSTOP'),
    thaws: () => void running?.kill('SIGCONT'),
    dies,
    starts,
    async ends() {
      await dies();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
