import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { measureBesideBare } from './beside-bare.ts';
import type { ClientJobs } from './clients.ts';
import { filesForPresence, measurePresence } from './presence.ts';
import type { ServerJobs } from './server.ts';
import { startWorker } from './worker.ts';

const HELP = `npm run bench:server -- [options]
  --clients 5000   connections, each with a heartbeat every 5 s
  --mute 500       connections that never read, while 80 KiB a second go to them and to 500 others
  --seconds 30     how long the heartbeats are measured; twice as long with those that never read
First is measured what twice as many connections cost beside ws alone, then what presence costs: up to 4,000 connections
with visible, a tenth more than --clients in topics.`;

/** The targets: heap of a connection in KiB, and the 99th percentile of the round trips in milliseconds. */
const TARGETS = { heap: 12, p99: 100 };

/** Open files of a process besides its connections. */
const OTHER_FILES = 100;

const rounded = (value: number, digits = 1) => value.toFixed(digits);
const percentile = (sorted: readonly number[], part: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;

/** Measures and prints a table. The exit code is 1 if a target is missed. */
export async function main(bundles: string): Promise<void> {
  const { values } = parseArgs({
    options: {
      clients: { type: 'string', default: '5000' },
      mute: { type: 'string', default: '500' },
      seconds: { type: 'string', default: '30' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(HELP);
  const [count, mute, seconds] = [values.clients, values.mute, values.seconds].map(Number);
  if (!count || mute === undefined || !seconds) throw new Error(HELP);
  requireFiles(Math.max(2 * count, count + mute, filesForPresence(count)) + OTHER_FILES);

  const rows: string[][] = [];
  const figures = [
    ...(await measureBesideBare(bundles, 2 * count)),
    ...(await measurePresence(bundles, count)),
  ];
  for (const { name, figure, atMost } of figures)
    rows.push([name, rounded(figure, 2), atMost === undefined ? '' : verdict(figure, atMost)]);
  const server = startWorker<ServerJobs>(`${bundles}/server.mjs`, ['--expose-gc']);
  const clients = startWorker<ClientJobs>(`${bundles}/clients.mjs`, []);

  /** Measures while the heartbeats go on, and adds rows to the table. */
  async function measure(
    name: string,
    duration: number,
    target?: number,
    begin?: () => Promise<void>,
  ): Promise<void> {
    // These calls take time of the server, so they come before the measurement.
    const before = await server.ask('usage');
    await server.ask('delays');
    await clients.ask('latencies');
    await begin?.();
    await delay(duration * 1_000);
    const sorted = await clients.ask('latencies');
    const late = await server.ask('delays');
    const after = await server.ask('usage');
    const p99 = percentile(sorted, 0.99);
    rows.push(
      [`${name}: pongs`, String(sorted.length), ''],
      [`${name}: pong p50, ms`, rounded(percentile(sorted, 0.5)), ''],
      [`${name}: pong p99, ms`, rounded(p99), target === undefined ? '' : verdict(p99, target)],
      [`${name}: slowest pong, ms`, rounded(sorted.at(-1) ?? Number.NaN), ''],
      [`${name}: event loop of the server, p99 ms late`, rounded(late.p99), ''],
      [`${name}: event loop of the server, at most ms late`, rounded(late.max), ''],
      [`${name}: processor, %`, rounded((after.cpu - before.cpu) / duration / 10, 0), ''],
      [`${name}: resident, MiB`, rounded(after.rss / 2 ** 20, 0), ''],
    );
    if (late.broadcast > 0)
      rows.push([`${name}: which takes, p50 ms`, rounded(late.broadcast), '']);
  }

  try {
    const port = await server.ask('port');
    const empty = await server.ask('usage');
    const from = performance.now();
    await clients.ask('join', { port, count });
    rows.push(['connected in, s', rounded((performance.now() - from) / 1_000), '']);
    await clients.ask('beat');
    // By then each client has sent a ping, whose memory counts as well.
    await delay(6_000);
    const full = await server.ask('usage');
    const each = (name: 'heapUsed' | 'external' | 'rss') =>
      (full[name] - empty[name]) / count / 1_024;
    rows.push(
      ['connections', String((await server.ask('connections')).open), ''],
      ['heap of each, KiB', rounded(each('heapUsed')), verdict(each('heapUsed'), TARGETS.heap)],
      ['outside of the heap of each, KiB', rounded(each('external')), ''],
      ['resident of each, KiB', rounded(each('rss')), ''],
    );
    await measure('heartbeats', seconds, TARGETS.p99);

    // No target: the answers are the square of the number of clients, 39 bytes each.
    await measure('all ask who is online', seconds, undefined, () =>
      clients.ask('send', '{"lifeline":"watch"}'),
    );
    await clients.ask('send', '{"lifeline":"unwatch"}');

    await clients.ask('joinWithoutReading', { port, count: mute });
    const { ended } = await server.ask('connections');
    await server.ask('broadcastData');
    await measure(`${mute} that never read`, seconds * 2, TARGETS.p99);
    rows.push(
      ['of these, ended as too slow', `${(await server.ask('connections')).ended - ended}`, ''],
      ['others that are still connected', String(await clients.ask('open')), ''],
    );
    // No target: the operating system takes one message after another, and pongs wait.
    await server.ask('broadcastToAll');
    await measure('a broadcast to all each second', seconds);
  } finally {
    for (const worker of [clients, server]) worker.end();
  }
  console.log(
    `${count} connections, ${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}\n`,
  );
  const widths = [0, 1, 2].map((n) => Math.max(...rows.map((row) => row[n]?.length ?? 0)));
  for (const [name = '', figure = '', target = ''] of rows)
    console.log(`${name.padEnd(widths[0] ?? 0)}  ${figure.padStart(widths[1] ?? 0)}  ${target}`);
  if (rows.some(([, , target]) => target?.startsWith(MISSED))) process.exitCode = 1;
}

const MISSED = 'MISSED';

const verdict = (figure: number, target: number) =>
  `${figure <= target ? 'met' : MISSED}: at most ${target}`;

/** Checks the limit of open files, and does not raise it: that is for the user to do. */
function requireFiles(needed: number): void {
  const limit = execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim();
  if (limit !== 'unlimited' && Number(limit) < needed)
    throw new Error(
      `A process may open ${limit} files here, and this takes ${needed}: run \`ulimit -n ${needed}\` first, or ask for fewer --clients.`,
    );
}
