import { type ReactNode, useEffect, useEffectEvent, useId, useRef, useState } from 'react';
import { hear, NOTHING } from '../server/talk.ts';
import type { Command, Heard, ServerWord } from '../server/words.ts';
import { Figure, Panel } from '../ui/panel.tsx';
import { type Status, StatusPill } from '../ui/status.tsx';

/** The time between two numbers of a page, in milliseconds. */
const PERIOD = 400;
/** How many of the latest numbers are shown. */
const SHOWN = 30;

/** What a page and the server have said to each other, over all reloads of the page. */
export interface Counts {
  readonly said: number;
  readonly heardByServer: Heard;
  readonly heardByPage: Heard;
  /** Says the next number. */
  sayNext(say: (word: Command) => void): void;
  hear(word: ServerWord): void;
  /** The page begins anew, with the present number of the server. */
  beginPage(): void;
}

export function useCounts(name: string): Counts {
  const [said, setSaid] = useState(0);
  const [heardByServer, setHeardByServer] = useState(NOTHING);
  // What the server says while no page is there is said to nobody: such numbers are skipped, and not lost.
  const [hearing, setHearing] = useState({ heard: NOTHING, skipped: 0 });
  const isNew = useRef(true);

  return {
    said,
    heardByServer,
    heardByPage: hearing.heard,
    sayNext(say) {
      setSaid(said + 1);
      say({ demo: 'number', number: said + 1 });
    },
    hear(word) {
      if (word.demo !== 'number') return;
      const { number, heard } = word;
      setHeardByServer((before) => heard[name] ?? before);
      const begins = isNew.current;
      isNew.current = false;
      setHearing((before) => {
        const skipped = begins ? number - 1 - before.heard.last : before.skipped;
        return { heard: hear(before.heard, number - skipped), skipped };
      });
    },
    beginPage() {
      isNew.current = true;
    },
  };
}

/** Calls `say` again and again, while `isOn`. */
export function useTalk(isOn: boolean, say: () => void) {
  const sayNext = useEffectEvent(say);
  useEffect(() => {
    if (!isOn) return;
    const timer = setInterval(() => sayNext(), PERIOD);
    return () => clearInterval(timer);
  }, [isOn]);
}

/** One of the two connections that are compared: what was said over it in each direction, and what of it was lost. */
export function TwoWays(props: { title: string; note: ReactNode; status: Status; counts: Counts }) {
  const { title, note, status, counts } = props;
  const { said, heardByServer, heardByPage } = counts;
  return (
    <Panel title={title} note={<StatusPill status={status} />}>
      <div className="ui-ways">
        <p className="ui-note">{note}</p>
        <Way title="The page to the server" said={said} heard={heardByServer} />
        <Way title="The server to the page" said={heardByPage.last} heard={heardByPage} />
      </div>
    </Panel>
  );
}

function Way(props: {
  title: string;
  /** How many numbers were said. */
  said: number;
  heard: Heard;
}) {
  const { title, said, heard } = props;
  const { count, lost } = heard;
  const id = useId();
  const from = Math.max(1, said - SHOWN + 1);
  return (
    <figure aria-labelledby={id} className="ui-way">
      <figcaption id={id}>{title}</figcaption>
      {/* The figures say the same. */}
      <div className="ui-numbers" aria-hidden="true">
        {Array.from({ length: SHOWN }, (_, n) => from + n).map((number) => (
          <span key={number} data-fate={number <= said ? fateOf(number, heard) : undefined} />
        ))}
      </div>
      <div className="ui-way-figures">
        <Figure label="sent">{said}</Figure>
        <Figure label="arrived">{count}</Figure>
        <Figure label="lost">
          <span className="ui-loss" data-tone={lost > 0 ? 'bad' : 'good'}>
            {lost}
          </span>
        </Figure>
      </div>
    </figure>
  );
}

function fateOf(number: number, { last, holes }: Heard) {
  if (holes.includes(number)) return 'lost';
  return number <= last ? 'arrived' : 'waits';
}
