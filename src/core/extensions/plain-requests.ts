import type { OutFrame } from '../link/frame.ts';
import type { RequestOutcome } from '../messages/delivery.ts';
import type { TrackedOptions } from '../messages/send-options.ts';
import { FULL_TEXTS } from '../platform/texts.ts';
import { LIFELINE } from '../protocol/frames.ts';
import type { Host } from './extension.ts';

/** Whether the server is our own: the heartbeat is `lifeline()`, whose farewell nobody else has. */
export const knowsRequests = <In, Out>({ settings }: Pick<Host<In, Out>, 'settings'>): boolean =>
  settings().heartbeat.leave === `${LIFELINE}"leave"}`;

/** Puts the header of a request in front of its frame. Without a session, binary data has none. */
export function withHeader(id: number, frame: OutFrame): string {
  if (typeof frame !== 'string')
    throw new TypeError(FULL_TEXTS ? NO_TEXT : 'A request must be text.');
  return `${LIFELINE}"request","id":${id}}\n${frame}`;
}

/** Tells our own server, in a session or without one, that nobody waits for the reply any more. */
export function abandon<
  In,
  Out,
  Request extends TrackedOptions & { readonly id: string; wasSent?: boolean },
>({ delivery, sendFrame }: Host<In, Out>, request: Request): Request {
  if (request.request) delivery?.abandonRequest(request.request);
  else if (request.wrap && request.wasSent) sendFrame(`${LIFELINE}"abort","id":${request.id}}`);
  return request;
}

/** Tells of replies as a session does. */
export function listenForPlainReplies<In, Out>(host: Host<In, Out>): void {
  const { on, emit, decode } = host;
  on('control', (frame) => {
    if (!knowsRequests(host)) return;
    const [header = '', ...lines] = (frame as string).split('\n');
    const word = readWord(header);
    if (!word) return;
    const { lifeline, id, reason } = word;
    if (lines.length > 0) decode(lines.join('\n'), (reply) => emit('reply', id, lifeline, reply));
    else if (lifeline === 'reply' || lifeline === 'refusal') emit('reply', id, lifeline, reason);
  });
}

/** What the server says of a request: the last part of it is a payload, or else the reason. */
interface Word {
  readonly lifeline: RequestOutcome;
  readonly id: number;
  readonly reason: string | null;
}

/** Returns null for what is malformed. */
function readWord(header: string): Word | null {
  try {
    return JSON.parse(header);
  } catch {
    return null;
  }
}

const NO_TEXT =
  'A request without the option delivery must be text: use a codec such as json(), or delivery={confirmed()}.';
