import { replaceForJson } from '../recorder/bytes.ts';
import type { DamageEntry, FrameEntry, SignalEntry, StateEntry } from '../recorder/types.ts';
import { describeCause, describeTime, STATUS_WORDS } from './words.ts';

/** What the list of frames shows: between frames, what explains them. */
export type Row = FrameEntry | StateEntry | DamageEntry | SignalEntry;

/** A row that is no frame. */
export type EventEntry = Exclude<Row, FrameEntry>;

/** What kind of row it is, as the panel calls it. */
export const kindOf = (row: Row): FrameEntry['kind'] | 'state' | 'fault' | 'signal' => {
  if (row.type === 'frame') return row.kind;
  return row.type === 'damage' ? 'fault' : row.type;
};

/** Texts for the faults that are not their names. */
const FAULT_WORDS: Readonly<Partial<Record<DamageEntry['what'], string>>> = {
  accept: 'refuse ended',
  online: 'offline ended',
  restore: 'all ended',
};

/** What has happened between frames, as a sentence. */
export function describeEvent(event: EventEntry): string {
  if (event.type === 'signal') return `Signal of the page: ${event.signal}`;
  if (event.type === 'damage') {
    const { what, value } = event;
    if (what === 'slow' && value === 0) return 'slow ended';
    return `${FAULT_WORDS[what] ?? what}${value === undefined ? '' : ` ${value}${what === 'close' ? '' : ' ms'}`}`;
  }
  const { status, attempt, cause } = event;
  return `${STATUS_WORDS[status]}${attempt > 0 ? `, attempt ${attempt}` : ''}${cause ? `. ${describeCause(cause)}` : ''}`;
}

/** Rows as JSON, each with what the panel shows of it. */
export const rowsToJson = (rows: readonly Row[]): string =>
  `[\n${rows.map(rowToJson).join(',\n')}\n]`;

function rowToJson(row: Row): string {
  const time = describeTime(row.at);
  if (row.type !== 'frame') return write({ time, kind: kindOf(row), what: describeEvent(row) });
  const { way, kind, size, data, decoded, error, isLost } = row;
  const frame = { time, way, kind, size, data, decoded, error, isLost };
  try {
    return write(frame);
  } catch {
    // A codec may make any value.
    return write({ ...frame, decoded: undefined });
  }
}

const write = (row: object): string => JSON.stringify(row, replaceForJson, 2);
