import type { Tone } from './status.tsx';

export interface TimelineEntry {
  readonly id: number;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly tone: Tone;
  readonly title: string;
  readonly detail?: string;
}

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** A list of events, newest first. */
export function Timeline({ entries }: { entries: readonly TimelineEntry[] }) {
  return (
    <ol className="ui-timeline" reversed>
      {entries.map(({ id, at, tone, title, detail }) => (
        <li key={id} data-tone={tone}>
          <span className="ui-dot" />
          <span className="ui-timeline-title">{title}</span>
          <time dateTime={new Date(at).toISOString()}>{clock.format(at)}</time>
          {detail && <span className="ui-timeline-detail">{detail}</span>}
        </li>
      ))}
    </ol>
  );
}
