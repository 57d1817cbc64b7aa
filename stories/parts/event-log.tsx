import { useState } from 'react';
import { useWebSocket, useWebSocketEvent } from '../../src/index.ts';
import { Panel } from '../ui/panel.tsx';
import { Timeline, type TimelineEntry } from '../ui/timeline.tsx';
import { describeEnd, isOfAttempt } from './wording.ts';

const LIMIT = 6;

interface Entry extends TimelineEntry {
  /** Whether it is a failed attempt. */
  readonly isAttempt?: boolean;
}

const isSameFailure = (a: Entry, b: Omit<Entry, 'id' | 'at'>) =>
  a.isAttempt && b.isAttempt && a.detail === b.detail;

/** A list of the latest events of the connection. */
export function EventLog() {
  const [entries, setEntries] = useState<readonly Entry[]>([]);
  const { connection } = useWebSocket();
  const add = (entry: Omit<Entry, 'id' | 'at'>) =>
    setEntries((old) => {
      const [last] = old;
      // One failed attempt after another, for the same reason, is one entry.
      const rest = last && isSameFailure(last, entry) ? old.slice(1) : old;
      return [{ ...entry, id: (last?.id ?? 0) + 1, at: Date.now() }, ...rest.slice(0, LIMIT - 1)];
    });

  useWebSocketEvent('open', ({ reconnected, downtime }) =>
    add({
      tone: 'good',
      title: reconnected ? 'Open again' : 'Open',
      detail: reconnected
        ? `${(downtime / 1000).toFixed(1)} s after the last message of the old connection.`
        : 'The first connection.',
    }),
  );
  useWebSocketEvent('close', (cause, final) => {
    // The snapshot is still that of before the end.
    const { status, attempt } = connection.getSnapshot();
    const isAttempt = isOfAttempt(status);
    const failed = isAttempt ? `Attempt ${attempt + 1} failed` : 'Connection lost, reconnecting';
    add({
      tone: final ? 'calm' : 'warn',
      title: final ? 'Closed, no further attempt' : failed,
      detail: describeEnd(cause, isAttempt),
      isAttempt: isAttempt && !final,
    });
  });
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
