'use client';

import type { JSX } from 'react';
import type { Entry, TopicRecord } from '../recorder/recording.ts';
import type { Tab } from './problems.ts';
import { findProblems } from './problems.ts';
import { count } from './words.ts';

interface ProblemsProps {
  readonly entries: readonly Entry[];
  readonly topics: readonly TopicRecord[];
  readonly onShow: (tab: Tab) => void;
}

/** What is probably wrong, with what to do. */
export function Problems({ entries, topics, onShow }: ProblemsProps): JSX.Element | null {
  const problems = findProblems(entries, topics);
  if (problems.length === 0) return null;
  return (
    <details className="problems" open>
      <summary>{count(problems.length, 'problem')}</summary>
      <ul>
        {problems.map(({ id, fact, remedy, tab }) => (
          <li key={id}>
            <p>
              <strong>{fact}</strong> {remedy}
            </p>
            <button type="button" onClick={() => onShow(tab)}>
              Show
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
