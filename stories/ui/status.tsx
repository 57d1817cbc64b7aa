import type { UseWebSocketResult } from '../../src/index.ts';

export type Status = UseWebSocketResult['status'];
export type Tone = 'good' | 'warn' | 'bad' | 'calm';

const looks: Record<Status, { tone: Tone; word: string; busy?: true; hollow?: true }> = {
  idle: { tone: 'calm', word: 'Idle', hollow: true },
  connecting: { tone: 'warn', word: 'Connecting', busy: true },
  open: { tone: 'good', word: 'Open' },
  reconnecting: { tone: 'warn', word: 'Reconnecting', busy: true },
  closing: { tone: 'calm', word: 'Closing', busy: true },
  closed: { tone: 'calm', word: 'Closed', hollow: true },
};

export const toneOf = (status: Status): Tone => looks[status].tone;

/** Whether what was received may be out of date by now. */
export const isBroken = (status: Status) => status === 'reconnecting' || status === 'closed';

/** The status as a word with a colour. */
export function StatusPill({ status }: { status: Status }) {
  const { tone, word, busy, hollow } = looks[status];
  return (
    <span className="ui-pill" data-tone={tone} data-status={status}>
      <span className="ui-dot" data-busy={busy} data-hollow={hollow} />
      {word}
    </span>
  );
}
