// The process with the clients that are cut off.
import { serve } from '../bench-server/worker.ts';
import { usage } from '../bench-server/usage.ts';
import { type Account, Ledger } from './ledger.ts';
import { PEERS } from './peers/index.ts';
import type { PeerClient } from './peers/peer.ts';

const [name = ''] = process.argv.slice(2);
const peer = PEERS[name];
if (!peer) throw new Error(`There is no peer ${name}.`);
const clients: { readonly client: PeerClient; readonly ledger: Ledger }[] = [];
let timer: NodeJS.Timeout;
let sent = 0;

const jobs = {
  usage,
  join({ port, count }: { readonly port: number; readonly count: number }) {
    for (let n = 0; n < count; n++) {
      const ledger = new Ledger();
      clients.push({ client: peer.connect(port, (text) => ledger.hear(text)), ledger });
    }
  },
  /** Each client sends so many messages a second. */
  begin(perSecond: number) {
    timer = setInterval(() => {
      sent++;
      clients.forEach(({ client }, n) => client.send(`client-${n} ${sent}`));
    }, 1_000 / perSecond);
  },
  /** Stops. Returns how many all have sent together. */
  stop() {
    clearInterval(timer);
    return sent * clients.length;
  },
  /** What has arrived at all clients together. */
  account(): Account {
    const sum = (part: keyof Account) =>
      clients.reduce((all, { ledger }) => all + ledger.account()[part], 0);
    return { arrived: sum('arrived'), twice: sum('twice'), late: sum('late') };
  },
};

export type CutClientsJobs = typeof jobs;

serve(jobs);
