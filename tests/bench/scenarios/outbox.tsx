import type { Send } from '../libraries/library.ts';
import { expects } from '../recorder.tsx';
import type { Scenario } from '../scenario.ts';
import { sendAll } from './send-all.ts';

/** The figures of a library without a queue. */
const NO_FIGURES = {
  cpu: null,
  thread: null,
  script: null,
  called: null,
  wall: null,
  arrived: null,
  longest: null,
  heap: null,
};

export const outbox: Scenario = {
  name: 'outbox',
  about:
    '10,000 messages of 100 bytes sent before the connection is open, and delivered when it opens. Ours has room for 20,000; the others know no limit, or no queue.',
  sizes: [{ messages: 10_000, components: 1 }],
  warmUp: (size) => ({ ...size, messages: 2_000 }),
  plays: 3,
  columns: ['cpu', 'thread', 'script', 'called', 'wall', 'arrived', 'longest', 'heap'],

  async play({ library: { Sender, queues }, url, render, go }, play) {
    if (!queues) return NO_FIGURES;
    void expects({});
    const call = await new Promise<Send>((onMount) =>
      // The server accepts the upgrade when it is told to start.
      render(<Sender key={play.play} url={`${url}/held`} onMount={onMount} />),
    );
    const called = await sendAll(call, play);
    return { called, ...(await go(play)) };
  },

  async serve(peer, { messages }) {
    peer.accept();
    await peer.until(() => peer.received >= messages);
    return { arrived: peer.received };
  },
};
