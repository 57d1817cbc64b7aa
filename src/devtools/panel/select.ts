import type { Cause } from '../../core/machine/cause.ts';
import type { Status } from '../../core/machine/snapshot.ts';
import type { Entry, FrameEntry, MessageEntry } from '../recorder/types.ts';
import type { Row } from './rows.ts';
import { describeEvent, kindOf } from './rows.ts';
import { describeValue } from './words.ts';

type ByType = {
  readonly [Type in Entry['type']]?: Extract<Entry, { readonly type: Type }>[];
};

/** The entries as the parts of the panel ask for them. */
interface Sorted {
  /** By type; frames are not among them. */
  readonly byType: ByType;
  readonly rows: readonly Row[];
  /** The frames that could not be decoded. */
  readonly broken: readonly FrameEntry[];
  /** What tells whether heartbeats were answered: their frames, round trips and states. */
  readonly pulse: readonly Entry[];
}

/** Each list of entries is sorted once, in one pass: there may be 100,000, five times a second. */
const sorted = new WeakMap<readonly Entry[], Sorted>();

/** Returns the entries as the parts of the panel ask for them, each in order. */
export function sortEntries(entries: readonly Entry[]): Sorted {
  let found = sorted.get(entries);
  if (!found) sorted.set(entries, (found = sort(entries)));
  return found;
}

function sort(entries: readonly Entry[]): Sorted {
  const byType: Partial<Record<Entry['type'], Entry[]>> = {};
  const rows: Row[] = [];
  const broken: FrameEntry[] = [];
  const pulse: Entry[] = [];
  for (const entry of entries) {
    if (entry.type === 'frame') {
      rows.push(entry);
      if (entry.error !== undefined) broken.push(entry);
      if (entry.kind === 'heartbeat') pulse.push(entry);
    } else {
      (byType[entry.type] ??= []).push(entry);
      if (entry.type === 'roundTrip' || entry.type === 'state') pulse.push(entry);
      if (entry.type === 'state' || entry.type === 'damage' || entry.type === 'signal')
        rows.push(entry);
    }
  }
  return { byType: byType as ByType, rows, broken, pulse };
}

/** Returns the entries of one type, in order. */
export const entriesOf = <Type extends Exclude<Entry['type'], 'frame'>>(
  entries: readonly Entry[],
  type: Type,
): readonly Extract<Entry, { readonly type: Type }>[] => sortEntries(entries).byType[type] ?? [];

/** Returns the entries until a moment, which is included; all without one. */
export function entriesUntil(entries: readonly Entry[], moment: number | null): readonly Entry[] {
  if (moment === null) return entries;
  let from = 0;
  let to = entries.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((entries[middle] as Entry).at <= moment) from = middle + 1;
    else to = middle;
  }
  return entries.slice(0, from);
}

/** Which rows are shown. */
export interface RowFilter {
  /** What the row must contain, in any case of its letters. */
  readonly text: string;
  readonly kind: ReturnType<typeof kindOf> | 'all' | 'not decoded';
  readonly way: FrameEntry['way'] | 'both';
}

/** The filter that shows all rows. */
export const ALL_ROWS: RowFilter = { text: '', kind: 'all', way: 'both' };

/** Returns the rows that a filter shows. Only frames have a direction. */
export function filterRows(
  entries: readonly Entry[],
  { text, kind, way }: RowFilter,
): readonly Row[] {
  const { rows, broken } = sortEntries(entries);
  if (way === 'both' && kind === 'all' && text === '') return rows;
  const wanted = text.toLowerCase();
  return (kind === 'not decoded' ? broken : rows).filter(
    (row) =>
      (way === 'both' || (row.type === 'frame' && row.way === way)) &&
      (kind === 'all' || kind === 'not decoded' || kindOf(row) === kind) &&
      (wanted === '' || textOf(row).includes(wanted)),
  );
}

/** The texts of rows that are not text themselves: to make one for each of 100,000 takes too long for every letter typed. */
const texts = new WeakMap<Row, string>();

function textOf(row: Row): string {
  if (row.type === 'frame' && typeof row.data === 'string') return row.data.toLowerCase();
  let text = texts.get(row);
  if (text === undefined) {
    const value = row.type === 'frame' ? (row.decoded ?? row.data) : describeEvent(row);
    text = describeValue(value).toLowerCase();
    texts.set(row, text);
  }
  return text;
}

/** A span of time in one state. */
export interface Period {
  readonly from: number;
  readonly to: number;
  readonly status: Status;
  readonly cause: Cause | null;
  /** The number of failures in a row. */
  readonly attempt: number;
}

/** Returns the periods of the states, in order; the last one ends at `end`. */
export function periodsOf(entries: readonly Entry[], end: number): Period[] {
  const states = entriesOf(entries, 'state');
  return states.map(({ at, status, cause, attempt }, n) => ({
    from: at,
    to: states[n + 1]?.at ?? Math.max(at, end),
    status,
    cause,
    attempt,
  }));
}

/** What became of a message of the outbox. */
export interface MessageFate {
  readonly id: number;
  readonly message: unknown;
  /** The last that is known of it. */
  readonly what: MessageEntry['what'];
  readonly reason: string | undefined;
  /** When it was queued, or first heard of. */
  readonly since: number;
  /** When the last was known. */
  readonly at: number;
}

/** Returns what became of each message, in the order in which they were queued. */
export function fatesOf(entries: readonly Entry[]): MessageFate[] {
  const fates = new Map<number, MessageFate>();
  for (const entry of entriesOf(entries, 'message')) {
    const { id, what, reason, at } = entry;
    const before = fates.get(id);
    fates.set(id, {
      id,
      // Redacting 100,000 messages takes long, and few are seen.
      get message() {
        return entry.message ?? before?.message;
      },
      what,
      reason,
      since: before?.since ?? at,
      at,
    });
  }
  return [...fates.values()];
}

/**
 * Returns the first items of a list, and the text that tells how many more there are, if any.
 *
 * @param most - How many of a long list are shown: a page with 100,000 elements stands still.
 */
export const firstOf = <Item>(
  items: readonly Item[],
  most: number = 500,
): { readonly shown: readonly Item[]; readonly rest: string | null } => ({
  shown: items.slice(0, most),
  rest: items.length > most ? `and ${(items.length - most).toLocaleString('en')} more` : null,
});
