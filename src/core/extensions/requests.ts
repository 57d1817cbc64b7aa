import type { RequestOutcome } from '../messages/delivery.ts';
import type { DropReason } from '../messages/events.ts';
import type { Entry } from '../messages/outbox.ts';
import { createOutbox, makeEntry } from '../messages/outbox.ts';
import type { TrackedOptions } from '../messages/send-options.ts';
import { checkSignal } from '../messages/send-options.ts';
import { checkNames } from '../platform/check-names.ts';
import { report, tryCall } from '../platform/emitter.ts';
import { FULL_TEXTS } from '../platform/texts.ts';
import type { Host } from './extension.ts';
import { abandon, knowsRequests, listenForPlainReplies, withHeader } from './plain-requests.ts';
import { createFailure, RequestError } from './request-error.ts';

/** The options of a request. */
export interface RequestOptions {
  /** Gives the request up when it is aborted. @defaultValue none */
  readonly signal?: AbortSignal | undefined;
  /** How long the reply may take, the wait for a link included, in milliseconds. @defaultValue 30_000 */
  readonly timeout?: number | undefined;
  /**
   * Whether it is sent again, with the same id, if its link ends before the reply has come. The server may then do twice what it
   * asks for. @defaultValue false
   */
  readonly again?: boolean | undefined;
}

/**
 * Sends a message as a request, and returns a promise of the reply. While no link is open it waits in the outbox.
 *
 * @returns Rejects with a `DOMException` named `AbortError` or `TimeoutError`, or with a {@link RequestError}. Each has
 * `uncertain: true` if the request was sent and no reply has come: the server may have done what it asks for. It also
 * rejects with what the codec or `requests.tag` has thrown, and with a TypeError for a wrong option.
 */
export type Request<In, Out> = (message: Out, options?: RequestOptions) => Promise<In>;

/** The extension that makes the {@link Request} function of a connection, which needs the option `requests`, or our own server. */
export const requests: {
  <In, Out>(host: Host<In, Out>): Request<In, Out>;
  readonly key: symbol;
} = Object.assign(createRequests, { key: Symbol('requests') });

/** A request without a reply. It is also what its message has as options in the outbox. */
interface Pending<In, Out> extends TrackedOptions {
  readonly id: string;
  readonly message: Out;
  readonly again?: boolean | undefined;
  /** When it times out, on the monotonic clock. */
  readonly deadline: number;
  readonly resolve: (reply: In) => void;
  readonly reject: (error: unknown) => void;
  expires?: number;
  /** The scope in which it was sent. */
  scope?: unknown;
  /** Whether a link has taken it. */
  wasSent?: boolean;
  /** Its entry among those that the present link has taken. */
  taken?: Entry<Pending<In, Out>> | undefined;
}

function createRequests<In, Out>(host: Host<In, Out>): Request<In, Out> {
  const { clock, settings, isOpen } = host;
  const pending = new Map<string, Pending<In, Out>>();
  /** Those that the present link has taken: they leave when they time out or are aborted, as from the outbox. */
  const sent = createOutbox<Pending<In, Out>>({ clock, settings, emit: () => 0 });
  let lastId = host.delivery?.requests ?? 0;

  /** Forgets the link that has taken a request. */
  function release(entry: Pending<In, Out>): void {
    if (!entry.taken) return;
    sent.remove(entry.taken);
    sent.tell([entry.taken]);
    entry.taken = undefined;
  }

  const isKept = ({ request }: Pending<In, Out>) => isOverLinks(host, request);

  /** Forgets a request, whose promise is settled with what comes first. */
  const end = (entry: Pending<In, Out>) => {
    release(entry);
    pending.delete(entry.id);
    return entry;
  };
  const fail = (entry: Pending<In, Out>, reason: DropReason | 'lost') =>
    abandon(host, end(entry)).reject(createFailure(reason, !!entry.wasSent, entry.signal?.reason));

  function send(entry: Pending<In, Out>): void {
    entry.expires = entry.deadline - clock.now();
    try {
      const result = host.send(entry.message, entry);
      entry.scope = settings().scope;
      if (result !== 'queued') leave(entry, result === 'dropped' ? 'closed' : undefined);
    } catch (error) {
      end(entry).reject(error);
    }
  }

  /** The outbox has dropped it, or a socket has taken it. */
  function leave(entry: Pending<In, Out>, reason?: DropReason): void {
    // While the socket took it, the reply may have come.
    if (!pending.has(entry.id)) return;
    if (reason) return fail(entry, reason);
    entry.wasSent = true;
    // The server has confirmed it.
    if (entry.taken) return;
    // Its signal or the link may have ended, too.
    if (entry.signal?.aborted) return fail(entry, 'aborted');
    if (!isOpen() && !isKept(entry)) return entry.again ? send(entry) : fail(entry, 'lost');
    const left = (why?: DropReason) => why && fail(entry, why);
    const expires = entry.deadline - clock.now();
    entry.taken = sent.add(makeEntry(clock, entry, '', { signal: entry.signal, expires, left }));
  }

  host.on('close', (cause, isFinal) => {
    for (const { item } of sent.entries) {
      const entry = item.message;
      const isOver = entry.scope !== settings().scope;
      if (!isFinal && !isOver && isKept(entry)) continue;
      release(entry);
      if (entry.again && !isFinal && !isOver) send(entry);
      else fail(entry, isOver || (isFinal && cause.kind === 'requested') ? 'closed' : 'lost');
    }
    // No link will take the requests that wait. Other messages have no id in their options.
    if (isFinal) host.clear('closed', ({ options }) => 'id' in options)();
  });
  host.on('change', () => {
    // After close() no message is delivered, so that no reply can come.
    for (const { item } of sent.entries)
      if (!isOpen() && !isKept(item.message)) fail(item.message, 'closed');
  });
  listenForReplies(host, (id, outcome, reply, error) => {
    const entry = pending.get(String(id));
    // Nobody waits for the reply to a request that has ended.
    if (!entry) return;
    if (outcome === 'reply') end(entry).resolve(reply as In);
    else if (outcome !== 'refusal') fail(entry, outcome);
    else end(entry).reject(new RequestError('refused', false, reply, error));
  });

  return (message, options = {}) =>
    // What is thrown in here rejects the promise.
    new Promise((resolve, reject) => {
      if (FULL_TEXTS) checkOptions(options);
      const { signal, timeout = 30_000 } = options;
      if (signal?.aborted) throw createFailure('aborted', false, signal.reason);
      const entry: Pending<In, Out> = {
        ...options,
        ...tagged(host, message, ++lastId),
        deadline: clock.now() + timeout,
        resolve,
        reject,
        left: (reason) => leave(entry, reason),
      };
      pending.set(entry.id, entry);
      send(entry);
    });
}

/** Whether the reply to a request may still come over another link. */
const isOverLinks = <In, Out>({ delivery }: Host<In, Out>, request?: number) =>
  !!request && !!delivery?.keepsRequest(request);

/** Calls a function with what becomes of requests: by the application's protocol, or by the words of our own server. */
function listenForReplies<In, Out>(
  host: Host<In, Out>,
  settle: (id: number | string, outcome: RequestOutcome, reply?: In, error?: unknown) => void,
): void {
  const { settings, interceptors, on } = host;
  on('reply', (id, outcome, value) =>
    outcome === 'reply' ? settle(id, outcome, value as In) : settle(id, outcome, undefined, value),
  );
  listenForPlainReplies(host);
  interceptors.add((message) => {
    const { id, error } = tryCall(() => settings().requests?.reply(message)) ?? {};
    if (id === undefined || id === null) return false;
    settle(id, (error ?? false) === false ? 'reply' : 'refusal', message, error);
    return true;
  });
}

const NO_PROTOCOL =
  'A request needs the option requests={{ tag, reply }} on its connection: how a message gets an id, and how a reply is known by it. With the server of this library, heartbeat={lifeline()} or delivery={confirmed()} is enough.';

/** Gives a request its id: in the message, or beside it for our own server. An error of the application is reported, and thrown. */
function tagged<In, Out>(
  host: Host<In, Out>,
  message: Out,
  id: number,
): Pick<Pending<In, Out>, 'id' | 'message' | 'request' | 'wrap'> {
  const { requests: protocol } = host.settings();
  if (!protocol && host.delivery) return { id: String(id), message, request: id };
  if (!protocol && knowsRequests(host))
    return { id: String(id), message, wrap: (frame) => withHeader(id, frame) };
  if (!protocol) throw new Error(FULL_TEXTS ? NO_PROTOCOL : 'requests is missing.');
  try {
    return { id: String(id), message: protocol.tag(message, id) };
  } catch (error) {
    report(error);
    throw error;
  }
}

const OPTIONS: Record<keyof RequestOptions, string> = { signal: '', timeout: '', again: '' };

/** @throws TypeError if an option of a request is unknown or not valid. */
function checkOptions(options: RequestOptions): void {
  checkNames(options, OPTIONS, 'an option of a request');
  const { signal, timeout, again } = options as Record<keyof RequestOptions, unknown>;
  checkSignal(signal, 'A request');
  if (timeout !== undefined && !(typeof timeout === 'number' && timeout > 0))
    throw new TypeError('A request takes a timeout in milliseconds, a positive number.');
  if (again !== undefined && typeof again !== 'boolean')
    throw new TypeError(`A request takes an again that is a boolean, not ${typeof again}.`);
}
