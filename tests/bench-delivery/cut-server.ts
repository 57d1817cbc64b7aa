// The process with the server whose clients are cut off.
import { serve } from '../bench-server/worker.ts';
import { usage } from '../bench-server/usage.ts';
import { Ledger } from './ledger.ts';
import { PEERS } from './peers/index.ts';

const [name = ''] = process.argv.slice(2);
const peer = PEERS[name];
if (!peer) throw new Error(`There is no peer ${name}.`);
const ledger = new Ledger();
const starting = peer.serve((text) => ledger.hear(text));
let timer: NodeJS.Timeout;
let said = 0;

const jobs = {
  port: async () => (await starting).port,
  usage,
  /** Says so many messages a second. */
  async begin(perSecond: number) {
    const server = await starting;
    timer = setInterval(() => server.say(`server ${++said}`), 1_000 / perSecond);
  },
  /** Stops. Returns how many were said. */
  stop() {
    clearInterval(timer);
    return said;
  },
  account: () => ledger.account(),
};

export type CutServerJobs = typeof jobs;

serve(jobs);
