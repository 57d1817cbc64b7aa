// The process with the server whose costs are measured: without sessions, or with sessions and a history.
import { cpuOfBroadcasts, cpuTime, usage } from '../bench-server/usage.ts';
import { serve } from '../bench-server/worker.ts';
import { createLifelineServer, memoryHistory, memorySessions } from '../../src/server.ts';
import { TEXT } from './mode.ts';

const [mode] = process.argv.slice(2);

const server = createLifelineServer({
  port: 0,
  host: '127.0.0.1',
  origins: [null],
  // Each client is somebody, and has a topic of its own.
  authenticate: ({ url = '/' }) => url.slice(1),
  rate: false,
  ...(mode === 'delivery' && { sessions: memorySessions(), history: memoryHistory() }),
});
const listening = new Promise<number>((resolve) => server.on('listening', resolve));
server.on('message', () => {});

const jobs = {
  port: () => listening,
  cpu: cpuTime,
  usage,
  /** From now on all are in the room. */
  subscribeAll() {
    for (const client of server.clients) server.subscribe(client, 'room');
  },
  broadcasts: (count: number) =>
    cpuOfBroadcasts(count, () => {
      server.broadcast(TEXT, { topic: 'room' });
    }),
};

export type CostServerJobs = typeof jobs;

serve(jobs);
