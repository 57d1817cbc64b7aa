'use client';

import type { Clock } from '../core/clock.ts';
import { guard } from '../core/emitter.ts';

/** What can be listened to for messages. */
interface Source {
  readonly clock: Clock;
  on(type: 'message', handler: () => void): () => void;
}

/** Adds a listener and returns the function that removes it. */
type Subscribe = (listener: () => void) => () => void;

const feeds = new WeakMap<object, Subscribe>();

/**
 * Calls back when messages have arrived, at most once a frame: at once for the first after a quiet frame, at the end
 * of the frame for all that follow. All listeners of a connection share one schedule.
 */
export function onFrame(source: Source, listener: () => void): () => void {
  let feed = feeds.get(source);
  if (!feed) feeds.set(source, (feed = createFeed(source)));
  return feed(listener);
}

function createFeed({ clock, on }: Source): Subscribe {
  const readers = new Set<() => void>();
  let drawing = false;
  let news = false;
  let stop: () => void;

  const publish = () => {
    news = false;
    drawing = true;
    clock.frame(() => {
      drawing = false;
      if (news) publish();
    });
    for (const reader of readers) guard(reader);
  };

  return (listener) => {
    if (readers.size === 0)
      stop = on('message', () => {
        news = true;
        if (!drawing) publish();
      });
    const reader = () => listener();
    readers.add(reader);
    return () => {
      if (readers.delete(reader) && readers.size === 0) stop();
    };
  };
}
