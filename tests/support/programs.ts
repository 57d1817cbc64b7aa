import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { listen } from './listen.ts';

// Debian's servers are where only root looks for them. A Python of one's own may lack Debian's packages.
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/local/sbin:/usr/sbin`, LC_ALL: 'C' };
const PYTHONS = ['python3', '/usr/bin/python3'];

/** What `tests/interop` runs beside packages of npm, and how to see whether it is there. */
const PROBES = {
  mosquitto: [['mosquitto', '-h']],
  nginx: [['nginx', '-v']],
  haproxy: [['haproxy', '-v']],
  'python3-websockets': PYTHONS.map((python) => [python, '-c', 'import websockets']),
} as const;

export type Program = keyof typeof PROBES;

/** The command of an installed program, or undefined. */
function find(program: Program): string | undefined {
  return PROBES[program].find(([command = '', ...args]) => {
    try {
      execFileSync(command, args, { stdio: 'ignore', env });
      return true;
    } catch (error) {
      // mosquitto tells its help with a status of 3.
      return (error as { status?: number }).status === 3;
    }
  })?.[0];
}

/** The Debian packages that are not installed. */
export const missingPrograms = (): Program[] =>
  (Object.keys(PROBES) as Program[]).filter((program) => find(program) === undefined);

/** The message for them. */
export const programsHelp = (missing: readonly Program[]): string =>
  `Not found: ${missing.join(', ')}. On Debian: apt-get install -y --no-install-recommends ${missing.join(' ')}.`;

const SHOWS: Record<Program, string> = {
  mosquitto: 'MQTT with Mosquitto',
  nginx: 'links through nginx',
  haproxy: 'links through HAProxy',
  'python3-websockets': "a server with Python's websockets",
};

/** What the tests do not show without them. */
export const notShown = (missing: readonly Program[]): string =>
  missing.map((program) => SHOWS[program]).join(', ');

/** A program that listens on a port and can be stopped and killed. */
export interface RunningProgram {
  readonly port: number;
  /** What it wrote to its standard output, line by line. */
  readonly lines: string[];
  /** Writes a line to its standard input. */
  tells(line: string): void;
  /** Asks it to read its configuration again (SIGHUP). */
  reloads(): void;
  /** Pauses: takes connections and answers nothing (SIGSTOP). */
  freezes(): void;
  /** Is killed (SIGKILL), with its children. */
  dies(): Promise<void>;
  /** Starts again on the same port. */
  starts(): Promise<void>;
}

/**
 * Starts a program on a free port.
 *
 * @param prepare - Called before, such as to write its configuration.
 */
export async function startProgram(
  program: Program,
  args: (port: number) => readonly string[],
  prepare: (port: number) => unknown = () => {},
): Promise<RunningProgram> {
  const command = find(program) ?? program;
  const probe = createServer();
  const port = await listen(probe, 0);
  await promisify(probe.close.bind(probe))();
  const lines: string[] = [];
  let child: ChildProcess | undefined;
  // The workers of nginx are processes of their own.
  const signal = (name: NodeJS.Signals) => child?.pid && process.kill(-child.pid, name);

  async function starts(): Promise<void> {
    child = spawn(command, args(port), { env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    const errors: string[] = [];
    child.stdin?.on('error', () => {}); // it was killed
    child.stderr?.on('data', (data) => errors.push(String(data)));
    if (child.stdout) createInterface(child.stdout).on('line', (line) => lines.push(line));
    while (!(await isOpen(port))) {
      if (child.exitCode !== null) throw new Error(`${program} ended:\n${errors.join('')}`);
      await delay(10);
    }
  }

  await prepare(port);
  await starts();
  return {
    port,
    lines,
    starts,
    tells: (line) => child?.stdin?.write(`${line}\n`),
    reloads: () => child?.kill('SIGHUP'),
    freezes: () => void signal('SIGSTOP'),
    async dies() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      signal('SIGKILL');
      await exit;
    },
  };
}

const isOpen = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.on('error', () => resolve(false)).on('connect', () => socket.destroy());
  });
