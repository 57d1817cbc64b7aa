import type { ChaosClient, Ending } from './client.ts';
import { type Records, roomOf, type Run } from './words.ts';

/** How many broken laws are shown. */
const SHOWN = 20;

/** Returns how two lists differ; nothing if they are the same. */
function difference(what: string, found: readonly string[], wanted: readonly string[]): string[] {
  if (found.length === wanted.length && found.every((text, at) => text === wanted[at])) return [];
  const [all, due] = [new Set(found), new Set(wanted)];
  const lost = wanted.filter((text) => !all.has(text));
  const strange = found.filter((text) => !due.has(text));
  const twice = found.filter((text, at) => found.indexOf(text) !== at);
  const parts = Object.entries({ lost, twice, strange })
    .filter(([, texts]) => texts.length > 0)
    .map(([name, texts]) => `${texts.length} ${name} (${texts.slice(0, 3).join(', ')})`);
  return [`${what}: ${parts.length > 0 ? parts.join('; ') : 'in another order'}`];
}

function byIdentity(runs: readonly Run[]): (identity: string, isMessage: boolean) => string[] {
  const lists = new Map<string, string[]>();
  const keyOf = (identity: string, isMessage: boolean) => `${identity} ${isMessage}`;
  for (const { identity, id, text } of runs) {
    const key = keyOf(identity, id !== null);
    const list = lists.get(key);
    if (list) list.push(text);
    else lists.set(key, [text]);
  }
  return (identity, isMessage) => lists.get(keyOf(identity, isMessage)) ?? [];
}

/** The clients without a link. */
export const unopened = (clients: readonly ChaosClient[]): string[] =>
  clients
    .filter(({ connection }) => connection.getSnapshot().status !== 'open')
    .map(({ identity }) => identity);

/** The clients for which something is still on its way. */
export const unfinished = (clients: readonly ChaosClient[], said: readonly string[]): string[] =>
  clients
    .filter(
      ({ identity, connection, heard, gaps }) =>
        connection.outbox.length > 0 ||
        (gaps.length === 0 && heard.length < saidIn(roomOf(identity), said).length),
    )
    .map(({ identity }) => identity);

const saidIn = (room: string, said: readonly string[]) =>
  said.filter((text) => text.startsWith(`${room} `));

/** The messages that a client has sent: each had its effect once, in order, and was confirmed. */
export function brokenUp(clients: readonly ChaosClient[], { effects }: Records): string[] {
  const of = byIdentity(effects);
  return clients.flatMap(({ identity, sent, confirmed, connection }) => [
    ...(connection.outbox.length > 0
      ? [`${identity} is ${connection.getSnapshot().status}, and has unconfirmed messages`]
      : []),
    ...difference(`effects of ${identity}`, of(identity, true), sent),
    ...difference(`confirmed to ${identity}`, confirmed, sent),
  ]);
}

/**
 * The messages of topics: all clients of a room have heard the same, each message once, and among them all that was recorded; but for
 * what is missing where they were told of a gap.
 *
 * @param said - What was recorded.
 */
export function brokenDown(clients: readonly ChaosClient[], said: readonly string[]): string[] {
  return clients.flatMap(({ identity, heard, gaps }) => {
    const room = roomOf(identity);
    const order = orderIn(room, clients);
    const all = new Set(heard);
    const unknown = saidIn(room, said).filter((text) => !order.includes(text));
    if (unknown.length > 0) return [`nobody heard ${unknown.slice(0, 3).join(', ')}`];
    if (all.size < heard.length)
      return [`${identity} heard ${heard.length - all.size} messages twice`];
    const wanted = order.filter((text) => all.has(text));
    const wrong = difference(`heard by ${identity}`, heard, wanted);
    return wrong.length > 0 ? wrong : holesWithoutGap(identity, heard, order, gaps);
  });
}

/** What was said in a room, in the order of who has heard most of it. */
function orderIn(room: string, clients: readonly ChaosClient[]): readonly string[] {
  const [most] = clients
    .filter(({ identity }) => roomOf(identity) === room)
    .toSorted((one, other) => other.heard.length - one.heard.length);
  return most?.heard ?? [];
}

/** A client may have to be told of a gap after the messages behind it have come, but before the next one. */
function holesWithoutGap(
  identity: string,
  heard: readonly string[],
  order: readonly string[],
  gaps: readonly number[],
): string[] {
  const numbers = new Map(order.map((text, number) => [text, number]));
  const holes: number[] = [];
  for (let at = 0, next = 0; at <= heard.length; at++) {
    const number =
      at === heard.length ? order.length : (numbers.get(heard[at] ?? '') ?? Number.NaN);
    if (number !== next) holes.push(at);
    next = number + 1;
  }
  return holes
    .filter((at, n) => !gaps.some((gap) => gap >= at && gap <= (holes[n + 1] ?? Infinity)))
    .map((at) => `${identity} was told of no gap after ${heard[at - 1] ?? 'nothing'}`);
}

/** Requests: none hangs, and each reply has a handler that ran. `mayBeLost`: if servers are killed. */
export async function brokenRequests(
  clients: readonly ChaosClient[],
  { begun }: Records,
  mayBeLost: boolean,
): Promise<readonly [broken: string[], endings: Partial<Record<Ending, number>>]> {
  const of = byIdentity(begun);
  const endings: Partial<Record<Ending, number>> = {};
  const broken: string[] = [];
  for (const { identity, asked } of clients) {
    const ran = new Set(of(identity, false));
    for (const [text, ending] of asked) {
      // oxlint-disable-next-line no-await-in-loop -- all are settled within their timeout
      const how = await ending;
      endings[how] = (endings[how] ?? 0) + 1;
      const isRight = how === 'reply' ? ran.has(text) : mayBeLost && how === 'lost';
      if (!isRight) broken.push(`${text}: ${how}${ran.has(text) ? ', its handler ran' : ''}`);
    }
  }
  return [broken, endings];
}

/**
 * Handlers that began more than once: only where the one before had begun at a server that was killed or stopped.
 *
 * @param unsafe - The processes that were.
 */
export function repetitions(
  { begun }: Records,
  unsafe: ReadonlySet<number>,
): readonly [broken: string[], repeated: number] {
  const before = new Map<string, number>();
  const broken: string[] = [];
  let repeated = 0;
  for (const { server, identity, id, text } of begun) {
    const key = `${identity} ${id ?? text}`;
    const last = before.get(key);
    if (last !== undefined) repeated++;
    if (last !== undefined && !unsafe.has(last)) broken.push(`${text}: its handler ran twice`);
    before.set(key, server);
  }
  return [broken, repeated];
}

/** The broken laws, for a message that can be read. */
export const shown = (broken: readonly string[]): readonly string[] =>
  broken.length > SHOWN ? [...broken.slice(0, SHOWN), `… ${broken.length} in all`] : broken;
