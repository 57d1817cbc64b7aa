'use client';

import type { JSX, ReactNode } from 'react';
import { useId } from 'react';
import type { Entry, Recording } from '../recorder/types.ts';
import { Scroller } from './scroller.tsx';
import { entriesOf, firstOf } from './select.ts';
import { count, describeTime, show, topicOrUser } from './words.ts';

/** How many topics with presence are shown, and how many names in each part. */
const SHOWN_TOPICS = 50;
const SHOWN_NAMES = 50;

interface SessionProps {
  readonly recording: Recording;
  readonly entries: readonly Entry[];
}

/** Who holds the connection, its session and gaps, and who is online. */
export function Session({ recording, entries }: SessionProps): JSX.Element {
  const session = recording.session();
  const holders = recording.holders();
  const presence = firstOf(recording.presence(), SHOWN_TOPICS);
  return (
    <Scroller name="Session and presence" className="facts">
      <Part title="Held by">
        {holders.length === 0 ? (
          'No component. The app has opened it with open(), or it will close soon.'
        ) : (
          <Names names={holders} />
        )}
      </Part>
      <Part title="Session">
        {session
          ? `${count(session.unconfirmed, 'message')} not confirmed yet, ${session.waiting} waiting for a link`
          : 'None: it needs the option delivery, and a server that knows sessions.'}
      </Part>
      <Part title="Gaps">
        <Gaps entries={entries} />
      </Part>
      {presence.shown.map(({ topic, ids }) => (
        <Part key={topic} title={topic === null ? 'Online' : `Present in "${show(topic)}"`}>
          {ids.length === 0 ? 'Nobody' : <Names names={ids} />}
        </Part>
      ))}
      {presence.rest && <Part title="Other topics">{presence.rest}</Part>}
    </Scroller>
  );
}

function Part({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}): JSX.Element {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      <div>{children}</div>
    </section>
  );
}

function Names({ names }: { readonly names: readonly string[] }): JSX.Element {
  const { shown, rest } = firstOf([...new Set(names)], SHOWN_NAMES);
  return (
    <ul>
      {shown.map((name) => (
        <li key={name}>{show(name)}</li>
      ))}
      {rest && <li>{rest}</li>}
    </ul>
  );
}

/** The newest first. */
function Gaps({ entries }: { readonly entries: readonly Entry[] }): JSX.Element {
  const gaps = entriesOf(entries, 'gap');
  if (gaps.length === 0) return <>None</>;
  // oxlint-disable-next-line unicorn/no-array-reverse -- toReversed() is too new
  const { shown, rest } = firstOf([...gaps].reverse());
  return (
    <ul>
      {shown.map(({ at, topic }) => (
        <li key={`${at} ${topic}`}>
          <time>{describeTime(at)}</time> {show(topicOrUser(topic))}
        </li>
      ))}
      {rest && <li>{rest}</li>}
    </ul>
  );
}
