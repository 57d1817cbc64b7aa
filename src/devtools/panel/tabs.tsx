'use client';

import type { JSX, KeyboardEvent, ReactNode } from 'react';
import { useId } from 'react';
import type { Problem, Tab } from './problems.ts';
import { count, show } from './words.ts';

const NAMES: Readonly<Record<Tab, string>> = {
  frames: 'Frames',
  outbox: 'Outbox',
  topics: 'Topics',
  session: 'Session',
  faults: 'Break it',
};
const TABS = Object.keys(NAMES) as Tab[];

/** A fact may quote an error, which may quote a frame. */
const FACT_LETTERS = 500;

/** How far each key moves. */
const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 };

interface TabsProps {
  readonly tab: Tab;
  readonly onChoose: (tab: Tab) => void;
  /** What is wrong: each tab says how many are its own, and shows them first. */
  readonly problems: readonly Problem[];
  readonly children: Readonly<Record<Tab, ReactNode>>;
}

/** Tabs as in the ARIA Authoring Practices: one stop for the Tab key, and arrow keys between them. */
export function Tabs({ tab, onChoose, problems, children }: TabsProps): JSX.Element {
  const id = useId();
  const problemsOf = (each: Tab) => problems.filter((problem) => problem.tab === each);
  const move = ({ key, currentTarget }: KeyboardEvent) => {
    const step = STEPS[key];
    if (step === undefined) return;
    const next = TABS.at((TABS.indexOf(tab) + step) % TABS.length) as Tab;
    onChoose(next);
    const button = currentTarget.parentElement?.children[TABS.indexOf(next)];
    (button as HTMLElement | undefined)?.focus();
  };
  return (
    <div className="tabs">
      <div className="tab-list" role="tablist" aria-label="Parts of the connection">
        {TABS.map((each) => (
          <button
            key={each}
            id={`${id}${each}`}
            type="button"
            role="tab"
            aria-selected={each === tab}
            aria-controls={`${id}content`}
            tabIndex={each === tab ? 0 : -1}
            onClick={() => onChoose(each)}
            onKeyDown={move}
          >
            {NAMES[each]}{' '}
            {problemsOf(each).length > 0 && (
              <span className="badge">{count(problemsOf(each).length, 'problem')}</span>
            )}
          </button>
        ))}
      </div>
      <div
        id={`${id}content`}
        className="tab-content"
        role="tabpanel"
        aria-labelledby={`${id}${tab}`}
      >
        <Remarks problems={problemsOf(tab)} />
        {children[tab]}
      </div>
    </div>
  );
}

function Remarks({ problems }: { readonly problems: readonly Problem[] }): JSX.Element | null {
  if (problems.length === 0) return null;
  return (
    <ul className="remarks" aria-label="Problems">
      {problems.map(({ id, fact, remedy }) => (
        <li key={id}>
          <strong>{show(fact, FACT_LETTERS)}</strong> {remedy}
        </li>
      ))}
    </ul>
  );
}
