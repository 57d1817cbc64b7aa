import type { Connection } from '../core/connection.ts';
import { createConnection } from '../core/create-connection.ts';
import type { Extension, Host } from '../core/extensions/extension.ts';
import { presence as presenceExtension } from '../core/lifeline/presence.ts';
import type { Presence } from '../core/lifeline/presence.ts';
import type { Snapshot, Status } from '../core/machine/snapshot.ts';
import { ReadyState, isSame } from '../core/machine/snapshot.ts';
import type { SendResult } from '../core/messages/sender.ts';

type CallName = 'open' | 'close' | 'reconnect';

/** What components call on a staged connection. */
export interface StagedCalls<Out> {
  /** Called with each message that a component sends. @defaultValue nothing happens */
  readonly onSend?: ((message: Out) => void) | undefined;
  /**
   * Called when a component calls one of the others. `close()` gives its arguments, too; the others take none, so an event
   * of `onClick={reconnect}` is left out. @defaultValue nothing happens
   */
  readonly onCall?: ((name: CallName, ...args: readonly unknown[]) => void) | undefined;
}

/** Who is online, for `usePresence()` and `usePresenceData()`. */
export interface StagedPresence {
  /** Everybody who is online. @defaultValue the server has not told */
  readonly online?: readonly string[] | undefined;
  /** Those who are subscribed to a topic, by its name. @defaultValue the server has not told */
  readonly topics?: Readonly<Record<string, readonly string[]>> | undefined;
  /** The public data of some of them. @defaultValue none */
  readonly data?: Readonly<Record<string, unknown>> | undefined;
}

/** What is on the stage. */
export interface Stage<In, Out> extends StagedCalls<Out> {
  readonly snapshot?: Partial<Snapshot> | undefined;
  readonly messages?: readonly In[] | undefined;
  readonly topicOf?: ((message: In) => string | null | undefined) | undefined;
  readonly presence?: StagedPresence | undefined;
}

/** A connection that is in the state that it is given. */
export interface StagedConnection<In, Out> {
  readonly connection: Connection<In, Out>;
  /** Changes what is on the stage. The components are told, and get the messages that have not arrived yet. */
  show(next: Stage<In, Out>): void;
}

const READY_STATES: Partial<Record<Status, ReadyState>> = {
  connecting: ReadyState.CONNECTING,
  open: ReadyState.OPEN,
  closing: ReadyState.CLOSING,
};

const LOST = { kind: 'close', code: 1006, reason: '', wasClean: false } as const;

/** Fills in what fits the status. */
function complete({ status = 'open', ...rest }: Partial<Snapshot> = {}): Snapshot {
  const isLost = status === 'reconnecting';
  return {
    status,
    readyState: READY_STATES[status] ?? ReadyState.CLOSED,
    attempt: isLost ? 1 : 0,
    retryAt: null,
    cause: isLost ? LOST : status === 'closed' ? { kind: 'requested' } : null,
    latency: null,
    ...rest,
  };
}

/** An extension that gives its host to whoever attaches it. */
const backstage: { <In, Out>(host: Host<In, Out>): Host<In, Out>; readonly key: symbol } =
  Object.assign(<In, Out>(host: Host<In, Out>) => host, { key: Symbol('backstage') });

const SENT: Partial<Record<Status, SendResult>> = {
  open: 'sent',
  closing: 'dropped',
  closed: 'dropped',
};

/** Makes a {@link StagedConnection}: a real connection that is never opened, and says what it is told to. */
export function createStagedConnection<In, Out>(first: Stage<In, Out>): StagedConnection<In, Out> {
  let staged = first;
  let snapshot = complete(first.snapshot);
  let arrived: readonly In[] = [];
  const real = createConnection({
    // Each message is shown at once, without a wait for the display.
    clock: { frame: (callback) => callback() },
    topics: { of: (message: unknown) => staged.topicOf?.(message as In) },
  }) as unknown as Connection<In, Out>;
  const host = real.extend<Host<In, Out>>(backstage);
  const { tell, ...presence } = createStagedPresence(() => staged.presence);
  const call = (name: CallName) => () => staged.onCall?.(name);

  const actor = {
    ...real,
    getSnapshot: () => snapshot,
    extend: <Api>(extension: Extension<In, Out, Api>) =>
      extension.key === presenceExtension.key ? (presence as Api) : real.extend(extension),
    send(message: Out) {
      staged.onSend?.(message);
      return SENT[snapshot.status] ?? 'queued';
    },
    open: call('open'),
    close: (...args: unknown[]) => staged.onCall?.('close', ...args),
    reconnect: call('reconnect'),
    retain: () => () => {},
    update: () => {},
  };
  const connection = Object.defineProperties(actor, {
    // Without a scope, a connection is idle, and `useWebSocket` says so.
    scope: { get: () => (snapshot.status === 'idle' ? null : 'test') },
    lastMessage: { get: () => arrived.at(-1) ?? null },
  });

  /** Delivers the messages that have not arrived. If others than the first ones are staged, all arrive again. */
  function deliver(messages: readonly In[]): void {
    if (!arrived.every((message, index) => isEqual(message, messages[index]))) {
      arrived = [];
      host.emit('scope');
    }
    for (const message of messages.slice(arrived.length)) {
      arrived = [...arrived, message];
      host.emit('message', message);
    }
    host.emit('delivered');
  }

  return {
    connection,
    show(next) {
      staged = next;
      const completed = complete(next.snapshot);
      if (!isSame(completed, snapshot)) snapshot = completed;
      deliver(next.messages ?? []);
      host.emit('change');
      tell();
    },
  };
}

/** A story makes its messages anew for each render. */
const isEqual = (a: unknown, b: unknown): boolean =>
  Object.is(a, b) || JSON.stringify(a) === JSON.stringify(b);

function createStagedPresence(
  staged: () => StagedPresence | undefined,
): Presence & { tell(): void } {
  const watchers = new Set<() => void>();
  const list = (topic?: string) => {
    const { online, topics } = staged() ?? {};
    return (topic === undefined ? online : topics?.[topic]) ?? null;
  };
  return {
    list,
    isOnline: (id, topic) => list(topic)?.includes(id) ?? null,
    data: (id, topic) => (list(topic)?.includes(id) ? (staged()?.data?.[id] ?? null) : null),
    watch(listener) {
      const watcher = () => listener();
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    tell() {
      for (const watcher of watchers) watcher();
    },
  };
}
