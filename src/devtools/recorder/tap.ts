import type { Announced } from './announced.ts';
import type { Frame, OutFrame } from '../../core/link/frame.ts';
import type { WebSocketLike } from '../../core/link/link.ts';
import { createLine } from './damage.ts';
import type { CurrentRedaction } from './frame-entry.ts';
import { RecordedFrame } from './frame-entry.ts';
import { createKindOfSent, kindOfArrived } from './frame-kind.ts';
import type { Damage, Entry } from './types.ts';

/** What stands between the sockets of a connection and itself. */
export interface Tap {
  readonly damage: Damage;
  /** The codec has made a message of the frame that is being handled. */
  decoded(message: unknown): void;
  /** The connection has told of an error. Returns the frame that is being handled, if one is: the error belongs to it. */
  failed(message: string): RecordedFrame | undefined;
}

/** Makes a {@link Tap}, which records what passes. */
export function tapLink(
  announced: Announced,
  push: (entry: Entry, bytes?: number) => void,
  redaction: CurrentRedaction,
): Tap {
  const { shared } = announced;
  const { clock, state, socket } = shared;
  const incoming = shared.incoming as NonNullable<typeof shared.incoming>;
  const { opened, lost, received } = incoming;
  const kindOfSent = createKindOfSent(shared);
  const tapped = new WeakSet<WebSocketLike>();
  /** The frame that is being handled. */
  let current: RecordedFrame | undefined;

  function record(way: 'in' | 'out', frame: OutFrame): RecordedFrame {
    const kind = way === 'out' ? kindOfSent(frame) : isHandshake() ? 'handshake' : 'message';
    const entry = new RecordedFrame(clock.now(), way, kind, frame, redaction);
    push(entry, sizeOf(frame));
    return entry;
  }

  const isHandshake = () => state().status === 'handshaking';

  function handle(frame: Frame): void {
    const before = current;
    const { probe } = state();
    const entry = (current = record('in', frame));
    received(frame);
    current = before;
    if (entry.kind === 'handshake' || entry.messages || entry.failure) return;
    entry.kind = kindOfArrived(frame, shared);
    if (probe && !state().probe && entry.kind === 'heartbeat')
      push({ type: 'roundTrip', at: clock.now(), duration: state().latency as number });
  }

  const line = createLine(announced, { opened, lost, received: handle }, (what, value) =>
    push({ type: 'damage', at: clock.now(), what, ...(value !== undefined && { value }) }),
  );

  function tapSocket(to: WebSocketLike | null): void {
    if (!to || tapped.has(to)) return;
    tapped.add(to);
    const { send } = to;
    to.send = (frame) => {
      const entry = record('out', frame);
      line.send(
        to,
        frame,
        (late) => send.call(to, late),
        () => (entry.isLost = true),
      );
    };
  }

  tapSocket(socket());
  incoming.opened = () => {
    tapSocket(socket());
    line.incoming.opened();
  };
  incoming.lost = line.incoming.lost;
  function loseArrived(frame: Frame): void {
    const entry = record('in', frame);
    entry.isLost = true;
    if (entry.kind === 'message') entry.kind = kindOfArrived(frame, shared);
  }
  incoming.received = (frame) => line.incoming.received(frame, loseArrived);

  return {
    damage: line.damage,
    decoded(message) {
      if (!current) return;
      if (current.messages) current.messages.push(message);
      // Most frames have one, and an array that grows keeps room for 16 more.
      else current.messages = [message];
    },
    failed(message) {
      if (current) current.failure ??= message;
      return current;
    },
  };
}

/** About how many bytes a frame keeps in memory. */
const sizeOf = (frame: OutFrame): number =>
  typeof frame === 'string'
    ? frame.length
    : ((frame as ArrayBuffer).byteLength ?? (frame as Blob).size);
