import { textOf } from '../messages.ts';
import { ended, expects } from '../recorder.tsx';
import type { Scenario } from '../scenario.ts';
import { flood } from '../serve.ts';

export const burst: Scenario = {
  name: 'burst',
  about:
    '20,000 messages of 100 bytes, as fast as they go, to one component that shows the last one and handles all.',
  sizes: [{ messages: 20_000, components: 1 }],
  warmUp: (size) => ({ ...size, messages: 5_000 }),
  plays: 3,
  columns: ['cpu', 'thread', 'script', 'wall', 'renders', 'handled', 'longest', 'heap'],

  setUp: ({ library: { Reader }, url, render }) => render(<Reader url={url} />),

  async play({ go }, play) {
    const { messages } = play;
    const all = expects({ handled: messages, right: 1, text: textOf(messages - 1, play) });
    return ended(all, go(play));
  },

  async serve(peer, play) {
    const texts = Array.from({ length: play.messages }, (_, n) => textOf(n, play));
    await flood(await peer.socket(), texts);
    return {};
  },
};
