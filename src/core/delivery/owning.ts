import type { State } from '../machine/state.ts';
import { isWaitingForPageShow } from '../machine/state.ts';
import type { Clock } from '../platform/clock.ts';
import { toError } from '../platform/emitter.ts';
import { FULL_TEXTS } from '../platform/texts.ts';
import type { DeliveryHost } from '../messages/delivery-host.ts';
import type { Outbox } from '../messages/outbox.ts';
import type { OutboxState, OutboxStore, OwnedOutbox, StoredMessage } from './outbox-store.ts';

/** How long a store may take, in milliseconds. Then messages go out without it. */
const PATIENCE = 3_000;

/** @throws TypeError if the application does not say whose messages they are: the url, which is the default, cannot. */
export function checkScope({
  scope,
  url,
}: {
  readonly scope: unknown;
  readonly url?: unknown;
}): void {
  if (scope === undefined || scope === String(url)) throw new TypeError(NO_SCOPE);
}

/** Whether nobody holds the connection, or its page is in the cache. */
export const isResting = (state: State): boolean =>
  state.status === 'idle' || isWaitingForPageShow(state);

/** Returns the error that tells that something is not stored. */
export const notStored = (cause: unknown): Error =>
  new Error(`${NOT_STORED}${toError(cause).message}`, { cause });

/** Rejects if a store does not answer in time. */
export const inTime = <Value>(clock: Clock, answer: Promise<Value>): Promise<Value> =>
  new Promise((resolve, reject) => {
    const timer = clock.setTimeout(() => reject(new Error(SLOW)), PATIENCE);
    void answer.then(resolve, reject).then(() => clock.clearTimeout(timer));
  });

/** Takes an outbox that nobody owns, and clears those of other scopes. */
export async function loadOutbox<In, Out>(
  store: OutboxStore,
  scope: string,
  host: Pick<DeliveryHost<In, Out>, 'emit' | 'settings'>,
): Promise<OwnedOutbox> {
  checkScope(host.settings());
  for (;;) {
    const owned = await store.load(scope);
    const { state, messages } = owned;
    if (!state || state.scope === scope) return owned;
    // Nothing of one user is left for the next.
    await owned.clear();
    owned.release();
    for (const stored of messages) tellDropped(host, stored, state, 'scope');
  }
}

/** Tells that a stored message will not be sent. */
export function tellDropped<In, Out>(
  { emit }: Pick<DeliveryHost<In, Out>, 'emit'>,
  { number, message }: StoredMessage,
  { sent }: OutboxState,
  reason: 'scope' | 'refused',
): void {
  if (number > sent) emit('drop', [message as Out], reason);
  else emit('uncertain', [message as Out]);
}

/**
 * Tells of what waits under a number that was taken: a page that could not clear the store may have sent it. Nobody can tell, so that it is not
 * sent again.
 */
export function tellTaken<Out>(waiting: Outbox<Out>, sent: Outbox<Out>, taken: number): void {
  for (const entry of waiting.entries)
    if (entry.number && entry.number <= taken) {
      waiting.remove(entry);
      sent.add(entry);
    }
  sent.drop('refused', ({ item }) => item.state === 'waiting')();
}

/**
 * Gives an outbox up that is owned or will be: as it is, or cleared. One that cannot be cleared stays with this page: another would send
 * what is left in it once more.
 */
export async function giveUp(owning: Promise<OwnedOutbox>, isOver: boolean): Promise<void> {
  const owned = await owning.catch(() => undefined);
  if (isOver) await owned?.clear();
  owned?.release();
}

const SLOW = FULL_TEXTS ? 'the store has not answered for 3 s.' : 'timeout';
const NO_SCOPE = FULL_TEXTS
  ? 'A stored outbox needs the option scope, which says whose it is: scope={user.id}, for example. Nobody else then sends its messages.'
  : 'scope is missing.';
const NOT_STORED = FULL_TEXTS
  ? 'Messages are not stored, and are lost if the page is closed before they are sent: '
  : 'Not stored: ';
