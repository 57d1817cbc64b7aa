import type { Cause } from '../../core/machine/cause.ts';
import type { Status } from '../../core/machine/snapshot.ts';
import type { Entry, FrameEntry, MessageEntry } from '../recorder/types.ts';
import { describeValue } from './words.ts';

type EntriesByType = {
  readonly [Type in Entry['type']]?: Extract<Entry, { readonly type: Type }>[];
};

/** Each list of entries is sorted once: each part of the panel asks for a type of its own. */
const sorted = new WeakMap<readonly Entry[], EntriesByType>();

/** Returns the entries of one type, in order. */
export function entriesOf<Type extends Entry['type']>(
  entries: readonly Entry[],
  type: Type,
): readonly Extract<Entry, { readonly type: Type }>[] {
  let byType = sorted.get(entries);
  if (!byType) sorted.set(entries, (byType = sortByType(entries)));
  return byType[type] ?? [];
}

function sortByType(entries: readonly Entry[]): EntriesByType {
  const lists: Partial<Record<Entry['type'], Entry[]>> = {};
  for (const entry of entries) (lists[entry.type] ??= []).push(entry);
  return lists as EntriesByType;
}

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

/** Which frames are shown. */
export interface FrameFilter {
  /** What the frame must contain, in any case of its letters. */
  readonly text: string;
  readonly kind: FrameEntry['kind'] | 'all' | 'not decoded';
  readonly way: FrameEntry['way'] | 'both';
}

/** The filter that shows all frames. */
export const ALL_FRAMES: FrameFilter = { text: '', kind: 'all', way: 'both' };

/** Returns the frames that a filter shows. */
export function filterFrames(
  entries: readonly Entry[],
  { text, kind, way }: FrameFilter,
): readonly FrameEntry[] {
  const frames = entriesOf(entries, 'frame');
  if (way === 'both' && kind === 'all' && text === '') return frames;
  const wanted = text.toLowerCase();
  return frames.filter(
    (frame) =>
      (way === 'both' || frame.way === way) &&
      (kind === 'all' ||
        (kind === 'not decoded' ? frame.error !== undefined : frame.kind === kind)) &&
      (wanted === '' || textOf(frame).includes(wanted)),
  );
}

/** The texts of frames that are not text themselves: to make one for each of 100,000 frames takes too long for every letter typed. */
const texts = new WeakMap<FrameEntry, string>();

function textOf(frame: FrameEntry): string {
  if (typeof frame.data === 'string') return frame.data.toLowerCase();
  let text = texts.get(frame);
  if (text === undefined) {
    text = describeValue(frame.decoded ?? frame.data).toLowerCase();
    texts.set(frame, text);
  }
  return text;
}

/** A span of time in one state. */
export interface Period {
  readonly from: number;
  readonly to: number;
  readonly status: Status;
  readonly cause: Cause | null;
}

/** Returns the periods of the states, in order; the last one ends at `end`. */
export function periodsOf(entries: readonly Entry[], end: number): Period[] {
  const states = entriesOf(entries, 'state');
  return states.map(({ at, status, cause }, n) => ({
    from: at,
    to: states[n + 1]?.at ?? Math.max(at, end),
    status,
    cause,
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
  for (const { id, message, what, reason, at } of entriesOf(entries, 'message')) {
    const before = fates.get(id);
    fates.set(id, {
      id,
      message: message ?? before?.message,
      what,
      reason,
      since: before?.since ?? at,
      at,
    });
  }
  return [...fates.values()];
}
