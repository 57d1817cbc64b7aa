'use client';

import type { Clock } from '../core/clock.ts';
import { guard } from '../core/emitter.ts';

const schedules = new WeakMap<Clock, { due: Set<() => void>; drawing: boolean }>();

/**
 * Calls back at most once a frame: at once if nothing was called back in this frame yet, otherwise at its end. All that
 * read a connection share the schedule of its clock.
 */
export function publish(clock: Clock, listener: () => void): void {
  const schedule = schedules.get(clock) ?? { due: new Set(), drawing: false };
  schedules.set(clock, schedule);
  schedule.due.add(listener);

  const draw = () => {
    const { due } = schedule;
    schedule.drawing = due.size > 0;
    if (!schedule.drawing) return;
    schedule.due = new Set();
    clock.frame(draw);
    for (const callback of due) guard(callback);
  };
  if (!schedule.drawing) draw();
}

/** What can be listened to for messages. */
interface Source {
  readonly clock: Clock;
  on(type: 'message', handler: () => void): () => void;
}

/** Adds a listener and returns the function that removes it. */
type Subscribe = (listener: () => void) => () => void;

const feeds = new WeakMap<object, Subscribe>();

/** Calls back when messages have arrived, at most once a frame. */
export function onFrame(source: Source, listener: () => void): () => void {
  let feed = feeds.get(source);
  if (!feed) feeds.set(source, (feed = createFeed(source)));
  return feed(listener);
}

/** However many listen to a connection, a message costs the same. */
function createFeed({ clock, on }: Source): Subscribe {
  const readers = new Set<() => void>();
  let stop: () => void;
  const tell = () => {
    for (const reader of readers) guard(reader);
  };
  return (listener) => {
    if (readers.size === 0) stop = on('message', () => publish(clock, tell));
    const reader = () => listener();
    readers.add(reader);
    return () => {
      if (readers.delete(reader) && readers.size === 0) stop();
    };
  };
}
