import { useLayoutEffect, useState } from 'react';
import { median } from '../figures.ts';
import { textOf } from '../messages.ts';
import { ended, expects } from '../recorder.tsx';
import type { Scenario } from '../scenario.ts';
import { stream } from '../serve.ts';

const RATE = 5_000;

/** The times of clicks whose effect is not on the screen yet. */
let clicked: number[] = [];
let latencies: number[] = [];

function Button() {
  const [count, setCount] = useState(0);
  useLayoutEffect(() => {
    const drawn = clicked.splice(0);
    // The first task after the frame.
    requestAnimationFrame(() =>
      setTimeout(() => latencies.push(...drawn.map((time) => performance.now() - time))),
    );
  });
  return (
    <button
      style={{ width: 80, height: 80, position: 'fixed', top: 0, left: 0 }}
      onClick={({ timeStamp }) => {
        clicked.push(timeStamp);
        setCount(count + 1);
      }}
    >
      {count}
    </button>
  );
}

export const steady: Scenario = {
  name: 'steady',
  about:
    '5,000 messages of 100 bytes a second for 4 s to the component of burst, while a button beside it is clicked every 80 ms.',
  sizes: [{ messages: 20_000, components: 1 }],
  warmUp: (size) => ({ ...size, messages: 2_500 }),
  plays: 1,
  columns: [
    'cpu',
    'thread',
    'script',
    'renders',
    'handled',
    'longest',
    'clicks',
    'click',
    'clickWorst',
    'heap',
  ],
  clickEvery: 80,

  setUp: ({ library: { Reader }, url, render }) =>
    render(
      <>
        <Button />
        <Reader url={url} />
      </>,
    ),

  async play({ go }, play) {
    const { messages } = play;
    clicked = [];
    latencies = [];
    const all = expects({ handled: messages, right: 1, text: textOf(messages - 1, play) });
    return {
      ...(await ended(all, go(play))),
      clicks: latencies.length,
      click: median(latencies),
      clickWorst: Math.max(...latencies),
    };
  },

  async serve(peer, play) {
    const texts = Array.from({ length: play.messages }, (_, n) => textOf(n, play));
    await stream(await peer.socket(), texts, RATE);
    return {};
  },
};
