import { NEVER, PATIENCE } from '../figures.ts';
import type { Scenario } from '../scenario.ts';
import { delay } from '../serve.ts';

export const deadPeer: Scenario = {
  name: 'dead-peer',
  about:
    'The network goes silent under an open connection. Who has a heartbeat asks every second and waits a second for the answer. One round, all libraries at the same time. react-use-websocket calls `close()` after about 2 s, and opens the next socket when the browser, whose closing timeout is 60 s, has told of the end.',
  sizes: [{ messages: 0, components: 1 }],
  warmUp: (size) => size,
  plays: 1,
  columns: ['reopened'],
  together: true,
  proxied: true,

  setUp: ({ library: { Heartbeat }, url, render }) => render(<Heartbeat url={url} />),

  play: ({ go }, play) => go(play),

  async serve(peer, { play }) {
    await peer.socket();
    // The warm-up lets a few pings pass.
    if (play === 0) await delay(3_000);
    if (play === 0) return {};
    const { received, opened, proxy } = peer;
    // Right after an answer, the next ping is as far away as it can be.
    await Promise.race([peer.until(() => peer.received > received), delay(1_500)]);
    await delay(50);
    await proxy?.stalls();
    const start = performance.now();
    await Promise.race([peer.until(() => peer.opened > opened), delay(PATIENCE)]);
    return { reopened: peer.opened > opened ? performance.now() - start : NEVER };
  },
};
