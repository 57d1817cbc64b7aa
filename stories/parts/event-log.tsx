import { useState } from 'react';
import { type DropReason, useWebSocket, useWebSocketEvent } from '../../src/index.ts';
import { Panel } from '../ui/panel.tsx';
import { Timeline, type TimelineEntry } from '../ui/timeline.tsx';
import { describeEnd, isOfAttempt } from './wording.ts';

const LIMIT = 6;
const CLOSED = 'Closed, no further attempt';

interface Entry extends TimelineEntry {
  /** Whether it is a failed attempt. */
  readonly isAttempt?: boolean;
}

const isSameFailure = (a: Entry, b: Omit<Entry, 'id' | 'at'>) =>
  a.isAttempt && b.isAttempt && a.detail === b.detail;

/** Why messages are dropped, in the words of a story. */
const WHY: Readonly<Record<DropReason, string>> = {
  overflow: 'the outbox is full',
  scope: 'another user',
  closed: 'the connection is closed',
  refused: 'the server refused them',
  aborted: 'given up',
  expired: 'too late',
};

/** A list of the latest events of the connection. `ended`: what it means here that the page has ended it. */
export function EventLog({ ended = CLOSED }: { ended?: string }) {
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
        : 'A new connection.',
    }),
  );
  useWebSocketEvent('close', (cause, final) => {
    // The snapshot is still that of before the end.
    const { status, attempt } = connection.getSnapshot();
    const isAttempt = isOfAttempt(status);
    const failed = isAttempt ? `Attempt ${attempt + 1} failed` : 'Connection lost, reconnecting';
    const end = cause.kind === 'requested' ? ended : CLOSED;
    add({
      tone: final ? 'calm' : 'warn',
      title: final ? end : failed,
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
      detail: `${count(messages.length)}: ${WHY[why]}`,
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
