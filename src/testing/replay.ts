import type { Frame } from '../core/link/frame.ts';
import type { Cause } from '../core/machine/cause.ts';
import { deliveryOf } from './server-codec.ts';
import type { ServedClient } from './test-client.ts';

/** What the replay reads of an entry that the devtools have exported. */
interface Recorded {
  readonly type: string;
  readonly at: number;
  readonly status?: string;
  readonly cause?: Cause | null;
  readonly way?: 'in' | 'out';
  readonly kind?: string;
  readonly isLost?: true;
  readonly text?: string;
  readonly base64?: string;
  readonly signal?: string;
  readonly what?: string;
  readonly value?: number;
}

/** What a replay uses of a server; see `TestServer`. */
interface Replayed {
  accept(): void;
  advance(ms: number): Promise<void>;
  /** The newest client whose link is open. */
  client(): ServedClient<never, never> | undefined;
  connected(): Promise<unknown>;
  drop(): void;
  hold(): void;
  offline(): void;
  online(): void;
  refuse(): void;
  silence(): void;
  sleep(ms: number): void;
}

/** How long a link that has gone silent is waited for, in milliseconds: longer than a heartbeat takes to notice. */
const MAX_SILENCE = 300_000;

/** The step in which the silence is waited for, in milliseconds. */
const STEP = 1_000;

/** The app connects, hears and suffers what was recorded, at the same times. */
export async function replay(server: Replayed, text: string): Promise<void> {
  const entries = read(text);
  let now = entries[0]?.at ?? 0;
  let isOpen = false;
  for (const [index, entry] of entries.entries()) {
    // oxlint-disable-next-line no-await-in-loop -- one thing after the other
    if (entry.at > now) await server.advance(entry.at - now);
    now = entry.at;
    const rest = entries.slice(index + 1, index + 1 + LOOK_AHEAD);
    if (entry.type === 'state') {
      // oxlint-disable-next-line no-await-in-loop -- as above
      await replayState(server, entry, isOpen, rest);
      isOpen = entry.status === 'open';
    } else if (entry.type === 'frame') replayFrame(server, entry);
    else if (entry.type === 'signal' || entry.type === 'damage') replaySignal(server, entry);
  }
}

/** How many entries are looked through for the next state. */
const LOOK_AHEAD = 100;

function read(text: string): readonly Recorded[] {
  try {
    const { recording, entries } = JSON.parse(text);
    if (recording === 1 && Array.isArray(entries)) return entries;
  } catch {
    // As with any other text that is none.
  }
  throw new TypeError(
    'replay() takes the text of a session that the devtools have exported: export it again, and pass the whole file.',
  );
}

async function replayState(
  server: Replayed,
  { status, cause }: Recorded,
  wasOpen: boolean,
  rest: readonly Recorded[],
): Promise<void> {
  if (status === 'open') {
    server.accept();
    await server.connected();
    return;
  }
  // Attempts that failed fail again, and the one that succeeded waits until it was open.
  const next = rest.find(({ type }) => type === 'state');
  if (status === 'connecting' || status === 'reconnecting') {
    if (!next || next.status === 'open') server.hold();
    else server.refuse();
  }
  if (!wasOpen || !cause) return;
  if (cause.kind === 'timeout') {
    server.silence();
    for (let ms = 0; server.client()?.socket.isLive && ms < MAX_SILENCE; ms += STEP)
      // oxlint-disable-next-line no-await-in-loop -- until the app has noticed
      await server.advance(STEP);
  } else if (cause.kind === 'close' && cause.code !== 1006)
    server.client()?.close(cause.code, cause.reason);
  // What the app has asked for, it asks for again.
  else if (cause.kind !== 'requested') server.drop();
}

/** The frames of heartbeats and handshakes are those of the test: its server answers them. */
function replayFrame(server: Replayed, entry: Recorded): void {
  if (entry.way !== 'in' || entry.isLost) return;
  const isReplayed = entry.kind === 'message' || entry.kind === 'presence';
  const client = server.client();
  const frame = frameOf(entry);
  if (isReplayed && client && frame !== undefined)
    client.sendLate(deliveryOf(frame, client.socket.binaryType));
}

/** Returns a frame as the app got it, without the header of a delivery: the test server counts nothing. */
function frameOf({ text, base64 }: Recorded): Frame | undefined {
  if (text !== undefined)
    return /^\{"lifeline":"(message|topic)"/.test(text) ? text.slice(text.indexOf('\n') + 1) : text;
  if (base64 === undefined) return undefined;
  return Uint8Array.from(atob(base64), (char) => char.codePointAt(0) as number).buffer;
}

function replaySignal(server: Replayed, { signal, what, value }: Recorded): void {
  const word = signal ?? what;
  if (word === 'offline') server.offline();
  if (word === 'online') server.online();
  if (word === 'silence') server.silence();
  if (word === 'sleep') server.sleep(value ?? 0);
}
