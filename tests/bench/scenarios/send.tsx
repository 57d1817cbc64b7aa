import type { Send } from '../libraries/library.ts';
import { expects } from '../recorder.tsx';
import type { Scenario } from '../scenario.ts';
import { sendAll } from './send-all.ts';

let opened: Promise<Send>;

export const send: Scenario = {
  name: 'send',
  about: '20,000 messages of 100 bytes sent in one go over an open connection.',
  sizes: [{ messages: 20_000, components: 1 }],
  warmUp: (size) => ({ ...size, messages: 5_000 }),
  plays: 3,
  columns: ['cpu', 'thread', 'script', 'called', 'wall', 'arrived', 'longest', 'heap'],

  setUp({ library: { Sender }, url, render }) {
    opened = new Promise((onOpen) => render(<Sender url={url} onOpen={onOpen} />));
  },

  async play({ go }, play) {
    void expects({});
    const call = await opened;
    const arrived = go(play);
    const called = await sendAll(call, play);
    return { called, ...(await arrived) };
  },

  async serve(peer, { messages }) {
    await peer.until(() => peer.received >= messages);
    return { arrived: peer.received };
  },
};
