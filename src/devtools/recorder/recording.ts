import type { Announced } from './announced.ts';
import { recordEvents } from './events.ts';
import { exportSession } from './export.ts';
import type { CurrentRedaction } from './frame-entry.ts';
import { RecordedMessage } from './frame-entry.ts';
import { nameHolders } from './holders.ts';
import { followMessages } from './messages.ts';
import { createNotifier } from './notifier.ts';
import { readPresence } from './presence.ts';
import { createRing } from './ring.ts';
import { redactUrl } from './redaction.ts';
import { tapLink } from './tap.ts';
import { countTopics } from './topics.ts';
import type { Entry, Recording } from './types.ts';

/** How many entries are kept. */
const MAX_ENTRIES = 100_000;

/** How many bytes the kept frames may have together. */
const MAX_BYTES = 67_108_864;

/**
 * Records what a connection does.
 *
 * @param owner - The component that has made it, if one has.
 */
export function createRecording(
  id: number,
  announced: Announced,
  owner: string | undefined,
  redaction: CurrentRedaction,
): Recording {
  const { connection, shared } = announced;
  const { clock } = shared;
  const ring = createRing<Entry>(MAX_ENTRIES, MAX_BYTES);
  const notifier = createNotifier();
  let isPaused = false;

  function push(entry: Entry, bytes = 0): void {
    if (!isPaused) ring.push(entry, bytes);
    // Not all that is shown is in the ring: active faults, topics.
    notifier.notify();
  }

  const { damage, decoded, failed } = tapLink(announced, push, redaction);
  const topics = countTopics(announced);
  shared.on('message', (message) => {
    decoded(message);
    topics.arrived(message);
  });
  followMessages(announced, (messageId, outcome, message) =>
    push(new RecordedMessage(clock.now(), messageId, outcome, message, redaction)),
  );
  const holders = nameHolders(connection, owner);
  const presence = readPresence(announced);
  recordEvents(announced, push, failed, redaction);

  const recording: Recording = {
    id,
    get name() {
      return nameOf(announced);
    },
    connection,
    entries: ring.items,
    subscribe: notifier.subscribe,
    pause() {
      isPaused = true;
      notifier.notify();
    },
    resume() {
      isPaused = false;
      notifier.notify();
    },
    get isPaused() {
      return isPaused;
    },
    clear() {
      ring.clear();
      notifier.notify();
    },
    topics: () => topics.list(redaction()),
    holders,
    presence,
    session() {
      if (!shared.delivery) return null;
      const { outbox } = connection;
      const unconfirmed = outbox.filter(({ state }) => state === 'sent').length;
      return { unconfirmed, waiting: outbox.length - unconfirmed };
    },
    damage,
    export: (options) => exportSession(recording, redaction(), options),
  };
  return recording;
}

/** Returns the url of a connection, without what may be secret. */
function nameOf({ connection, shared }: Announced): string {
  const { url } = shared.settings();
  const current = connection.socket?.url ?? (typeof url === 'function' ? connection.scope : url);
  return redactUrl(String(current ?? ''));
}
