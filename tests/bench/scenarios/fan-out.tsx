import { quoteOf, topicsOf } from '../messages.ts';
import { ended, expects } from '../recorder.tsx';
import type { Scenario } from '../scenario.ts';
import { flood } from '../serve.ts';

export const fanOut: Scenario = {
  name: 'fan-out',
  about:
    '4,000 messages in JSON, as fast as they go, to as many components as said, each on a topic of its own. All parse a message once. Of the peers, react-use-websocket has a `filter` in each component, partysocket a listener in each, and ahooks hands down `latestMessage`; neither of the last two has topics.',
  sizes: [200, 10, 100, 1_000].map((components) => ({ messages: 4_000, components })),
  warmUp: (size) => ({ ...size, messages: 2_000 }),
  plays: 5,
  columns: ['cpu', 'thread', 'script', 'wall', 'renders', 'right', 'longest', 'heap'],

  setUp: ({ library: { Topics }, url, render }, { components }) =>
    render(<Topics url={url} topics={topicsOf(components)} />),

  async play({ go }, play) {
    const all = expects({ right: play.components, play: play.play });
    return ended(all, go(play));
  },

  async serve(peer, play) {
    const texts = Array.from({ length: play.messages }, (_, n) => quoteOf(n, play));
    await flood(await peer.socket(), texts);
    return {};
  },
};
