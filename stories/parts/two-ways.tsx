import { type ReactNode, useEffect, useEffectEvent, useId, useRef, useState } from 'react';
import { hear } from '../server/talk.ts';
import type { Command, Heard, ServerWord } from '../server/words.ts';
import { Figure, Panel } from '../ui/panel.tsx';
import { type Status, StatusPill } from '../ui/status.tsx';

/** The time between two numbers of a page, in milliseconds. */
const PERIOD = 400;
/** How many of the latest numbers are shown. */
const SHOWN = 30;

const NOTHING: Heard = { last: 0, lost: 0, holes: [] };

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
  const [heardByPage, setHeardByPage] = useState(NOTHING);
  const isNew = useRef(true);

  return {
    said,
    heardByServer,
    heardByPage,
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
      setHeardByPage((before) => hear(begins ? { ...before, last: number - 1 } : before, number));
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
export function TwoWays(props: { title: string; note: string; status: Status; counts: Counts }) {
  const { title, note, status, counts } = props;
  const { said, heardByServer, heardByPage } = counts;
  return (
    <Panel title={title} note={<StatusPill status={status} />}>
      <div className="ui-ways">
        <p className="ui-note">{note}</p>
        <Way title="You to the server" said={said} heard={heardByServer} />
        <Way title="The server to you" said={heardByPage.last} heard={heardByPage} />
      </div>
    </Panel>
  );
}

function Way({ title, said, heard }: { title: string; said: number; heard: Heard }) {
  const id = useId();
  const { last, lost, holes } = heard;
  return (
    <figure aria-labelledby={id} className="ui-way">
      <figcaption id={id}>{title}</figcaption>
      <Numbers said={said} last={last} holes={holes} />
      <div className="ui-way-figures">
        <Figure label="arrived">{last - lost}</Figure>
        <Figure label="on the way">{said - last}</Figure>
        <Figure label="lost">
          <Loss lost={lost} />
        </Figure>
      </div>
    </figure>
  );
}

function Loss({ lost }: { lost: number }): ReactNode {
  return (
    <span className="ui-loss" data-tone={lost > 0 ? 'bad' : 'good'}>
      {lost}
    </span>
  );
}

/** The latest numbers, a dot each. The figures say the same. */
function Numbers({ said, last, holes }: { said: number; last: number; holes: readonly number[] }) {
  const from = Math.max(0, said - SHOWN);
  return (
    <div className="ui-numbers" aria-hidden="true">
      {Array.from({ length: SHOWN }, (_, n) => from + n + 1).map((number) => (
        <span key={number} data-fate={fateOf(number, said, last, holes)} />
      ))}
    </div>
  );
}

function fateOf(number: number, said: number, last: number, holes: readonly number[]) {
  if (number > said) return undefined;
  if (holes.includes(number)) return 'lost';
  return number <= last ? 'arrived' : 'waits';
}
