import { listenToAnnouncements } from '../../core/platform/announce.ts';
import type { Announced } from './announced.ts';
import { componentOf } from './holders.ts';
import { createNotifier } from './notifier.ts';
import { createRecording } from './recording.ts';
import { createRedaction, NO_REDACTION } from './redaction.ts';
import type { Recording, Recordings } from './types.ts';

/** How many connections are shown that are not used any more. */
const MAX_ENDED = 20;

function record(): Recordings {
  const notifier = createNotifier();
  let list: readonly Recording[] = [];
  let redaction = NO_REDACTION;
  const named = new Set<{ readonly fields: readonly string[] }>();
  let count = 0;

  /** Shows a connection that is used; React makes some that never are. */
  function show(recording: Recording): void {
    const ended = [...list].filter(({ connection }) => isEnded(connection.getSnapshot().status));
    const old = ended.slice(0, Math.max(0, ended.length - MAX_ENDED));
    list = [...list.filter((each) => !old.includes(each)), recording];
    notifier.notify();
  }

  function applyNames(): void {
    redaction = createRedaction(Array.from(named, ({ fields }) => fields).flat());
    notifier.notify();
  }

  listenToAnnouncements((made) => {
    const announced = made as Announced;
    const owner = componentOf();
    const recording = createRecording(++count, announced, owner, () => redaction);
    const isUsed = () => announced.connection.getSnapshot().status !== 'idle';
    if (isUsed()) return show(recording);
    const stop = announced.shared.on('change', () => {
      if (!isUsed()) return;
      stop();
      show(recording);
    });
  });

  return {
    list: () => list,
    subscribe: notifier.subscribe,
    redact(fields) {
      // A page may have several panels, which all show the same.
      const names = { fields };
      named.add(names);
      applyNames();
      return () => {
        named.delete(names);
        applyNames();
      };
    },
  };
}

const isEnded = (status: string) => status === 'idle' || status === 'closed';

/** Devtools listen from when their module is loaded, so that the connections of the first render are recorded whole. */
const all = record();

/** Returns the connections of this page. */
export function recordings(): Recordings {
  return all;
}
