import { useState } from 'react';
import { useWebSocketEvent } from '../../src/index.ts';
import { Panel } from '../ui/panel.tsx';
import { Timeline, type TimelineEntry } from '../ui/timeline.tsx';
import { describeCause } from './wording.ts';

const LIMIT = 6;

/** A list of the latest events of the connection. */
export function EventLog() {
  const [entries, setEntries] = useState<readonly TimelineEntry[]>([]);
  const add = (entry: Omit<TimelineEntry, 'id' | 'at'>) =>
    setEntries((old) => [
      { ...entry, id: (old[0]?.id ?? 0) + 1, at: Date.now() },
      ...old.slice(0, LIMIT - 1),
    ]);

  useWebSocketEvent('open', ({ reconnected, downtime }) =>
    add({
      tone: 'good',
      title: reconnected ? 'Open again' : 'Open',
      detail: reconnected
        ? `${(downtime / 1000).toFixed(1)} s after the last message of the old connection.`
        : 'The first connection.',
    }),
  );
  useWebSocketEvent('close', (cause, final) =>
    add({
      tone: final ? 'calm' : 'warn',
      title: final ? 'Closed, no further attempt' : 'Connection lost, reconnecting',
      detail: describeCause(cause),
    }),
  );
  useWebSocketEvent('flush', (messages) =>
    add({ tone: 'good', title: 'Outbox sent', detail: count(messages.length) }),
  );
  useWebSocketEvent('drop', (messages, why) =>
    add({
      tone: 'bad',
      title: 'Messages dropped',
      detail: `${count(messages.length)} (${why})`,
    }),
  );

  return (
    <Panel title="Events">
      {entries.length > 0 ? (
        <Timeline entries={entries} />
      ) : (
        <p className="ui-note">Nothing yet.</p>
      )}
    </Panel>
  );
}

const count = (messages: number) => `${messages} ${messages === 1 ? 'message' : 'messages'}`;
