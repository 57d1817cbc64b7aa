import type { DamageName, Entry } from '../../src/devtools/recorder/types.ts';
import { useWebSocket } from '../../src/index.ts';
import { Panel } from '../ui/panel.tsx';
import type { Tone } from '../ui/status.tsx';
import { useEntries } from './use-recording.ts';
import { describeCause } from './wording.ts';

/** How many steps are shown. */
const LIMIT = 9;

/** The faults that are told, and how: with what each was set to. The first one is where the steps begin. */
type Told = readonly { readonly fault: DamageName; readonly text: (value: number) => string }[];

interface Step {
  /** Milliseconds of the connection's clock. */
  readonly at: number;
  readonly tone: Tone;
  readonly text: string;
}

/** An entry of the recording as a step; null for what is no part of the story. */
function describeEntry(entry: Entry, told: Told): Omit<Step, 'at'> | null {
  if (entry.type === 'damage') {
    const found = told.find(({ fault }) => fault === entry.what);
    return found ? { tone: 'calm', text: found.text(entry.value ?? 0) } : null;
  }
  if (entry.type === 'frame' && entry.kind === 'heartbeat') {
    if (entry.way === 'out') return { tone: 'calm', text: 'A ping is sent.' };
    return entry.isLost ? null : { tone: 'good', text: 'The answer is here: the link is alive.' };
  }
  if (entry.type !== 'state') return null;
  const { status, cause, attempt } = entry;
  if (status === 'open') return { tone: 'good', text: 'A new link is open.' };
  if (status !== 'reconnecting' || !cause) return null;
  return attempt === 1
    ? { tone: 'bad', text: `The link is lost. ${describeCause(cause)}` }
    : { tone: 'warn', text: 'An attempt has failed.' };
}

/** What a connection did after the last fault of a kind, until a ping is answered. */
function stepsAfter(entries: readonly Entry[], told: Told): readonly Step[] {
  const isStart = (entry: Entry) => entry.type === 'damage' && entry.what === told[0]?.fault;
  const start = entries.findLastIndex(isStart);
  if (start < 0) return [];
  const steps: Step[] = [];
  for (const entry of entries.slice(start)) {
    const step = describeEntry(entry, told);
    if (step) steps.push({ at: entry.at, ...step });
    if (step && entry.type === 'frame' && entry.way === 'in') break;
  }
  return steps;
}

/** What the connection did after a fault, as the devtools have recorded it. */
export function Steps({ told }: { told: Told }) {
  const { connection } = useWebSocket();
  const [first, ...steps] = stepsAfter(useEntries(connection), told);
  return (
    <Panel title="What happened">
      {!first && <p className="ui-note">Nothing yet.</p>}
      <ol className="ui-fates">
        {first &&
          [first, ...steps.slice(1 - LIMIT)].map(({ at, tone, text }) => (
            <li key={`${at} ${text}`} data-tone={tone}>
              <span>{text}</span>
              <span className="ui-tag">{((at - first.at) / 1_000).toFixed(3)} s</span>
            </li>
          ))}
      </ol>
    </Panel>
  );
}
