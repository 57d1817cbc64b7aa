'use client';

import type { JSX } from 'react';
import { useMemo, useState } from 'react';
import type { Recording } from '../recorder/types.ts';
import { ActiveFaults } from './active-faults.tsx';
import { Faults } from './faults.tsx';
import { Frames } from './frames.tsx';
import { Outbox } from './outbox.tsx';
import type { Tab } from './problems.ts';
import { findProblems, unansweredHeartbeats } from './problems.ts';
import { RoundTrips } from './round-trips.tsx';
import { ALL_ROWS, entriesUntil, sortEntries } from './select.ts';
import { Session } from './session.tsx';
import { Tabs } from './tabs.tsx';
import { TimeLine } from './time-line.tsx';
import { Topics } from './topics.tsx';
import { useUpdates } from './use-updates.ts';

/** All about one connection, now or at an earlier moment. */
export function ConnectionView({ recording }: { readonly recording: Recording }): JSX.Element {
  useUpdates(recording.subscribe);
  const [moment, setMoment] = useState<number | null>(null);
  const [tab, setTab] = useState<Tab>('frames');
  const [filter, setFilter] = useState(ALL_ROWS);
  const all = recording.entries();
  const topics = recording.topics();
  const entries = useMemo(() => entriesUntil(all, moment), [all, moment]);
  const unanswered = useMemo(() => unansweredHeartbeats(all), [all]);
  const problems = findProblems(all, topics, unanswered);
  return (
    <div className="connection">
      <div className="overview">
        <TimeLine recording={recording} entries={all} moment={moment} onChoose={setMoment} />
        <RoundTrips entries={entries} />
      </div>
      <ActiveFaults damage={recording.damage} />
      <Tabs tab={tab} onChoose={setTab} problems={problems}>
        {{
          frames: (
            <Frames
              recording={recording}
              entries={entries}
              unanswered={unanswered}
              filter={filter}
              onFilter={setFilter}
            />
          ),
          outbox: <Outbox entries={entries} />,
          topics: (
            <Topics
              topics={topics}
              notDecoded={sortEntries(all).broken.length}
              onShowNotDecoded={() => {
                // They may have come later than the moment that is looked at.
                setMoment(null);
                setFilter({ ...ALL_ROWS, kind: 'not decoded' });
                setTab('frames');
              }}
            />
          ),
          session: <Session recording={recording} entries={entries} />,
          faults: <Faults damage={recording.damage} />,
        }}
      </Tabs>
    </div>
  );
}
