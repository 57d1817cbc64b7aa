import { useEffect, useState } from 'react';
import { Figure } from './panel.tsx';
import type { Sample, Tally } from './tally.ts';

/** Milliseconds between two readings. */
const PACE = 1_000;

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** The numbers of messages and of renders. */
export function Rates({ tally, rendersOf }: { tally: Tally; rendersOf: string }) {
  const [sample, setSample] = useState<Sample>();
  useEffect(() => {
    const timer = setInterval(() => setSample(tally.sample()), PACE);
    return () => clearInterval(timer);
  }, [tally]);
  const show = (n: number | undefined) => (n === undefined ? '–' : whole.format(n));
  return (
    <section className="ui-panel" aria-label="Rates">
      <div className="ui-figures">
        <Figure label="Messages" unit="/s">
          {show(sample?.messagesPerSecond)}
        </Figure>
        <Figure label={`Renders of ${rendersOf}`} unit="/s">
          {show(sample?.rendersPerSecond)}
        </Figure>
        <Figure label="Messages so far">{show(sample?.messages)}</Figure>
        <Figure label="Renders so far">{show(sample?.renders)}</Figure>
      </div>
    </section>
  );
}
