import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { requests } from '../../../src/core/extensions/requests.ts';
import type { ConnectionOptions } from '../../../src/core/options/options.ts';
import { json } from '../../../src/core/messages/json.ts';
import { createConnection } from '../../../src/core/create-connection.ts';
import { confirmed, indexedDbStore, outboxStore } from '../../../src/delivery.ts';
import { inPage } from '../../support/in-page.ts';
import { settle } from '../../support/simulation/world.ts';
import type { SessionWorld } from './companion.ts';
import { ANSWER, sent, simulateSession } from './companion.ts';
import { SimulatedStore } from './simulated-store.ts';

let store: SimulatedStore;
let pages: SessionWorld[];
beforeEach(() => {
  store = new SimulatedStore();
  pages = [];
});

/** Opens a page with a connection, which has no link yet. */
async function openPage(options: ConnectionOptions = {}): Promise<SessionWorld> {
  const page = simulateSession({
    scope: 'ada',
    delivery: confirmed({ store: outboxStore(store) }),
    ...options,
  });
  pages.push(page);
  page.connection.open();
  await settle();
  return page;
}

/** Closes all pages. Nothing that they do afterwards counts. */
function closePages(): void {
  store.pageEnds();
  const { outboxes } = store;
  const copy = new Map(
    [...outboxes].map(([key, { state, messages }]) => [
      key,
      { state, messages: new Map(messages) },
    ]),
  );
  const next = new SimulatedStore();
  for (const [key, kept] of copy) next.outboxes.set(`old ${key}`, kept as never);
  store = next;
}

const taken = (number: number) => ({ lifeline: 'taken', number });
const waiting = ({ connection }: SessionWorld) =>
  connection.outbox.map(({ message, state }) => `${message as string} ${state}`);

describe('what was written offline', () => {
  test('goes out over the next page, once and in order, also if the server has forgotten the session', async () => {
    const first = await openPage();
    for (const message of ['one', 'two']) first.connection.send(message);
    await settle();
    expect(store.stored).toEqual(['1 one', '2 two']);
    closePages();

    const second = await openPage();
    expect(waiting(second)).toEqual(['one waiting', 'two waiting']);
    second.connection.send('three');
    await second.resumes({ known: false });
    await settle();
    expect(sent(second)).toEqual(['one', 'two', 'three']);
    second.says(taken(3));
    await settle();
    expect(second.told).toEqual(['confirm one,two,three']);
    expect(store.stored).toEqual([]);
  });

  test('keeps the id of its outbox, and the token and the epoch of the last answer', async () => {
    const first = await openPage();
    const { outbox } = await first.resumes({ epoch: 'one' });
    first.connection.send('one');
    await settle();
    closePages();
    const second = await openPage();
    expect(await second.resumes()).toMatchObject({
      outbox,
      token: ANSWER.token,
      epoch: 'one',
      next: 1,
    });
  });

  test('comes before what is sent while the store is still being read', async () => {
    const first = await openPage();
    first.connection.send('one');
    await settle();
    closePages();
    store.holds();
    const second = await openPage();
    second.connection.send('two');
    expect(waiting(second)).toEqual(['two waiting']);
    store.commits();
    await settle();
    expect(waiting(second)).toEqual(['one waiting', 'two waiting']);
    await second.resumes();
    await settle();
    expect(sent(second)).toEqual(['one', 'two']);
  });

  test('leaves the store when it is withdrawn, and its number is skipped', async () => {
    const page = await openPage();
    const abort = new AbortController();
    page.connection.send('one', { signal: abort.signal });
    page.connection.send('two');
    await settle();
    abort.abort();
    await settle();
    expect(store.stored).toEqual(['2 two']);
    await page.resumes();
    await settle();
    expect(sent(page)).toEqual(['{"lifeline":"skip","count":1}', 'two']);
    expect(page.told).toEqual(['drop one aborted']);
  });

  test('waits for no number of what was withdrawn before it, however many these are (D74) (fault 141)', async () => {
    const page = await openPage();
    const abort = new AbortController();
    for (let n = 0; n < 300; n++) page.connection.send('draft', { signal: abort.signal });
    page.connection.send('one');
    abort.abort();
    await page.resumes();
    await settle();
    expect(sent(page)).toEqual(['{"lifeline":"skip","count":256}']);
    page.says(taken(256));
    await settle();
    expect(sent(page).slice(1)).toEqual(['{"lifeline":"skip","count":44}', 'one']);
  });

  test('keeps the numbers that were skipped ahead of it out of use in the next page', async () => {
    const first = await openPage();
    const abort = new AbortController();
    for (let n = 0; n < 300; n++) first.connection.send('draft', { signal: abort.signal });
    first.connection.send('one', { signal: abort.signal });
    first.connection.send('two');
    abort.abort();
    await first.resumes();
    await settle();
    closePages();
    const second = await openPage();
    expect(await second.resumes({ taken: 256 })).toMatchObject({ next: 257 });
    await settle();
    expect(sent(second)).toEqual(['{"lifeline":"skip","count":45}', 'two']);
  });

  test('is encoded by the codec of the page that sends it', async () => {
    const first = await openPage({ codec: json() as never });
    first.connection.send({ text: 'hello' } as never);
    await settle();
    closePages();
    const second = await openPage({ codec: json() as never });
    await second.resumes();
    await settle();
    expect(sent(second)).toEqual(['{"text":"hello"}']);
  });

  test('is dropped, and an error says why, if that codec cannot', async () => {
    const first = await openPage();
    first.connection.send('one');
    first.connection.send('two');
    await settle();
    closePages();
    const second = await openPage({
      codec: {
        encode(message) {
          if (message === 'one') throw new Error('no ones');
          return message;
        },
        decode: (frame) => frame,
      },
    });
    expect(second.told).toEqual(['drop one refused', 'error no ones']);
    expect(waiting(second)).toEqual(['two waiting']);
    await settle();
    expect(store.stored).toEqual(['2 two']);
  });
});

describe('what was sent', () => {
  test('goes out only when it is stored, and what is not queued does not wait for it', async () => {
    const page = await openPage();
    await page.resumes();
    store.holds();
    expect(page.connection.send('now', { queue: false })).toBe('sent');
    expect(page.connection.send('one')).toBe('queued');
    await settle();
    expect(sent(page)).toEqual(['{"lifeline":"uncounted"}\nnow']);
    store.commits();
    await settle();
    expect(sent(page)).toEqual(['{"lifeline":"uncounted"}\nnow', 'one']);
    expect(waiting(page)).toEqual(['one sent']);
  });

  test('is confirmed to the next page if the server had taken it, and otherwise sent again', async () => {
    const first = await openPage();
    await first.resumes();
    for (const message of ['one', 'two', 'three']) first.connection.send(message);
    await settle();
    first.says(taken(1));
    await settle();
    closePages();
    const second = await openPage();
    expect(waiting(second)).toEqual(['two sent', 'three sent']);
    expect(await second.resumes({ taken: 2 })).toMatchObject({ next: 2 });
    await settle();
    expect(sent(second)).toEqual(['three']);
    expect(second.told).toEqual(['confirm two']);
  });

  test('is uncertain if the server has forgotten it, but not what the window had held back', async () => {
    const first = await openPage();
    await first.resumes({ messages: 2 });
    for (const message of ['one', 'two', 'three']) first.connection.send(message);
    await settle();
    expect(sent(first)).toEqual(['one', 'two']);
    closePages();
    const second = await openPage();
    expect(waiting(second)).toEqual(['one sent', 'two sent', 'three waiting']);
    await second.resumes({ known: false });
    await settle();
    expect(second.told).toEqual(['uncertain one,two']);
    expect(sent(second)).toEqual(['{"lifeline":"skip","count":2}', 'three']);
  });

  test('is not sent again as if it had only been written offline', async () => {
    const first = await openPage();
    first.connection.send('one');
    await first.resumes();
    await settle();
    expect(sent(first)).toEqual(['one']);
    closePages();
    const second = await openPage();
    await second.resumes({ known: false });
    await settle();
    expect(sent(second)).toEqual([]);
    expect(second.told).toEqual(['uncertain one']);
  });

  test('keeps to the window as it is confirmed', async () => {
    const page = await openPage();
    for (let n = 1; n <= 5; n++) page.connection.send(String(n));
    await page.resumes({ messages: 2 });
    await settle();
    expect(sent(page)).toEqual(['1', '2']);
    for (let n = 1; n <= 5; n++) {
      page.says(taken(n));
      await settle();
    }
    expect(sent(page)).toEqual(['1', '2', '3', '4', '5']);
    expect(store.stored).toEqual([]);
  });

  test('moves to another outbox if it was never sent and counts differ (D14)', async () => {
    const page = await openPage();
    await page.resumes({ messages: 1 });
    for (const message of ['one', 'two']) page.connection.send(message);
    await settle();
    page.says({ lifeline: 'miscount', sent: 1, received: 0 });
    await settle();
    expect(store.stored).toEqual(['1 two']);
    page.nextAttempt();
    await page.resumes({ known: false });
    await settle();
    expect(sent(page)).toEqual(['two']);
    expect(page.told.filter((text) => text.startsWith('uncertain'))).toEqual(['uncertain one']);
  });
});

describe('requests', () => {
  test('are not stored, and their numbers are not used again (D46)', async () => {
    const first = await openPage();
    const request = first.connection.extend(requests) as (message: string) => Promise<unknown>;
    request('early').catch(() => {});
    await first.resumes();
    await settle();
    request('ask').catch(() => {});
    first.connection.send('one');
    await settle();
    expect(sent(first).map((frame) => frame.split('\n').at(-1))).toEqual(['early', 'ask', 'one']);
    expect(store.stored).toEqual(['3 one']);
    closePages();
    const second = await openPage();
    expect(waiting(second)).toEqual(['one sent']);
    second.connection.send('two');
    await second.resumes({ taken: 0 });
    await settle();
    expect(sent(second)).toEqual(['{"lifeline":"skip","count":2}', 'one', 'two']);
  });
});

describe('time', () => {
  const day = 86_400_000;

  test('an expiry holds over the end of the page', async () => {
    const first = await openPage();
    first.connection.send('one', { expires: 10_000 });
    first.connection.send('two');
    await settle();
    closePages();
    const second = await openPage();
    expect(waiting(second)).toEqual(['one waiting', 'two waiting']);
    second.clock.advance(10_000);
    expect(second.told.filter((text) => text.startsWith('drop'))).toEqual(['drop one expired']);
    await settle();
    expect(store.stored).toEqual(['2 two']);
  });

  test.each([
    ['ahead', day, ['drop one expired']],
    ['back', -day, []],
  ])('of a clock that was set %s ends only what it says is over', async (_, shift, told) => {
    const first = await openPage();
    first.connection.send('one', { expires: 60_000 });
    await settle();
    closePages();
    const second = simulateSession({
      scope: 'ada',
      delivery: confirmed({ store: outboxStore(store) }),
    });
    second.clock.jump(shift);
    second.connection.open();
    await settle();
    second.clock.advance(1);
    expect(second.told).toEqual(told);
    second.clock.advance(60_000);
    expect(second.told.filter((text) => text.startsWith('drop'))).toEqual(['drop one expired']);
  });

  test('what was sent is kept for 12 hours at most', async () => {
    const first = await openPage();
    await first.resumes();
    first.connection.send('one');
    await settle();
    closePages();
    const second = await openPage();
    second.clock.advance(day / 2);
    expect(second.told).toContain('uncertain one');
    await settle();
    expect(store.stored).toEqual([]);
  });
});

describe('whose messages they are', () => {
  test('a store without a scope is refused, and an error says so if the scope is taken away', async () => {
    const delivery = confirmed({ store: outboxStore(store) });
    for (const url of ['ws://server.test', () => 'ws://server.test'])
      expect(() => createConnection({ url, delivery })).toThrow(
        new TypeError(
          'A stored outbox needs the option scope, which says whose it is: scope={user.id}, for example. Nobody else then sends its messages.',
        ),
      );
    const page = await openPage();
    page.connection.update({ scope: undefined });
    await settle();
    page.connection.send('one');
    expect(page.told.at(-1)).toContain('error Messages are not stored');
    expect(store.outboxes.size).toBe(0);
  });

  test('another scope in the same page clears the store (D22)', async () => {
    const page = await openPage();
    page.connection.send('one');
    await settle();
    page.connection.update({ scope: 'bob' });
    page.connection.send('two');
    await settle();
    expect(page.told).toContain('drop one scope');
    expect([...store.outboxes.values()].map(({ state }) => state?.scope)).toEqual(['bob']);
    expect(store.stored).toEqual(['1 two']);
  });

  test('another scope in the next page gets nothing, and is told what was dropped (D22)', async () => {
    const first = await openPage();
    await first.resumes({ messages: 1 });
    for (const message of ['one', 'two']) first.connection.send(message);
    await settle();
    closePages();
    const second = await openPage({ scope: 'bob' });
    expect(second.told).toEqual(['uncertain one', 'drop two scope']);
    expect(waiting(second)).toEqual([]);
    expect(store.outboxes.size).toBe(0);
    expect(await second.resumes()).not.toHaveProperty('token');
  });

  test('another identity that the server names gets nothing (D21)', async () => {
    const first = await openPage();
    await first.resumes({ token: undefined, id: 'ada' });
    first.connection.send('one');
    await settle();
    first.breaks();
    first.connection.send('two');
    await settle();
    closePages();
    const second = await openPage();
    await second.resumes({ token: undefined, id: 'bob', known: false });
    second.connection.send('three');
    await settle();
    expect(second.told).toEqual(['uncertain one', 'drop two scope']);
    expect(sent(second).filter((frame) => !frame.startsWith('{'))).toEqual(['three']);
    expect(store.stored.map((text) => text.slice(2))).toEqual(['three']);
    expect([...store.outboxes.values()][0]?.state?.identity).toBe('bob');
  });

  test('close() empties the store, and a refusal does not', async () => {
    const page = await openPage();
    await page.resumes();
    page.connection.send('one');
    await settle();
    page.network.server.closesWith(4401);
    page.clock.advance(2_000);
    page.network.server.accepts();
    page.network.server.closesWith(4401);
    await settle();
    expect(page.connection.getSnapshot().status).toBe('closed');
    expect(store.stored).toEqual(['1 one']);
    page.connection.close();
    await settle();
    expect(store.outboxes.size).toBe(0);
    expect(store.owners.size).toBe(0);
    expect(page.told.at(-1)).toBe('uncertain one');
  });
});

describe('who owns an outbox', () => {
  test('a second page has one of its own', async () => {
    const first = await openPage();
    first.connection.send('one');
    const second = await openPage();
    second.connection.send('two');
    await settle();
    expect(waiting(first)).toEqual(['one waiting']);
    expect(waiting(second)).toEqual(['two waiting']);
    expect(store.owners.size).toBe(2);
  });

  test('nothing is read before the connection is used', async () => {
    simulateSession({ scope: 'ada', delivery: confirmed({ store: outboxStore(store) }) });
    await settle();
    expect(store.owners.size).toBe(0);
  });

  test('the last holder that goes gives it up, and the next one takes it again', async () => {
    const page = simulateSession({
      scope: 'ada',
      delivery: confirmed({ store: outboxStore(store) }),
    });
    const release = page.connection.retain();
    await page.resumes();
    page.connection.send('one');
    await settle();
    release();
    page.clock.advance(1_000);
    await settle();
    expect(page.connection.getSnapshot().status).toBe('idle');
    expect(store.owners.size).toBe(0);
    expect(page.connection.outbox).toEqual([]);
    expect(page.told).toEqual(['close requested']);
    page.connection.retain();
    await settle();
    expect(waiting(page)).toEqual(['one sent']);
    page.nextAttempt();
    await page.resumes();
    await settle();
    expect(sent(page)).toEqual(['one']);
  });

  test.each(['an unmount', 'the page cache'])(
    'a message that the store refuses just after %s is told, and waits here (D79) (fault 121)',
    async (leaving) => {
      const page = simulateSession({
        scope: 'ada',
        delivery: confirmed({ store: outboxStore(store) }),
      });
      const release = page.connection.retain();
      await page.resumes();
      await settle();
      page.connection.send('one');
      await settle();
      store.holds();
      page.connection.send('two');
      if (leaving === 'an unmount') release();
      else page.signals.emit('pagehide');
      // Not for the answer of the store, which would be late.
      page.clock.advance(4_000);
      await settle();
      expect(page.connection.outbox).toEqual([]);
      store.aborts();
      await settle();
      expect(waiting(page).at(-1)).toBe('two waiting');
      expect(page.told.filter((text) => text.startsWith('error'))).toEqual([
        'error Messages are not stored, and are lost if the page is closed before they are sent: The disk is full.',
      ]);
      if (leaving === 'an unmount') page.connection.retain();
      else page.signals.emit('pageshow');
      await settle();
      expect(waiting(page)).toEqual(['one sent', 'two waiting']);
    },
  );

  test('a message that is left to the store can be withdrawn (D80) (fault 122)', async () => {
    const page = simulateSession({
      scope: 'ada',
      delivery: confirmed({ store: outboxStore(store) }),
    });
    const release = page.connection.retain();
    await settle();
    const [first, second] = [new AbortController(), new AbortController()];
    page.connection.send('one', { signal: first.signal });
    page.connection.send('two', { signal: second.signal });
    page.connection.send('three');
    await settle();
    release();
    page.clock.advance(1_000);
    await settle();
    first.abort();
    await settle();
    expect(store.stored).toEqual(['2 two', '3 three']);
    expect(store.owners.size).toBe(0);
    expect(page.told.filter((text) => text.startsWith('drop'))).toEqual(['drop one aborted']);
    page.connection.retain();
    await settle();
    expect(waiting(page)).toEqual(['two waiting', 'three waiting']);
    second.abort();
    await settle();
    expect(store.stored).toEqual(['3 three']);
    expect(page.told.filter((text) => text.startsWith('drop'))).toEqual([
      'drop one aborted',
      'drop two aborted',
    ]);
  });

  test('a page in the cache gives it up, and what another page has sent is not sent again', async () => {
    const first = await openPage();
    first.connection.send('one');
    await settle();
    first.signals.emit('pagehide');
    await settle();
    expect(store.owners.size).toBe(0);
    const second = await openPage();
    expect(waiting(second)).toEqual(['one waiting']);
    await second.resumes();
    await settle();
    expect(sent(second)).toEqual(['one']);
    first.signals.emit('pageshow');
    await settle();
    expect(waiting(first)).toEqual([]);
    first.nextAttempt();
    await first.resumes();
    await settle();
    expect(sent(first)).toEqual([]);
  });
});

describe('a store that fails', () => {
  const isUnstored = (page: SessionWorld, reason: string) =>
    expect(page.told.filter((text) => text.startsWith('error'))).toEqual([
      `error Messages are not stored, and are lost if the page is closed before they are sent: ${reason}`,
    ]);

  test('at the first reading: messages go out while the page lives, and an error says so', async () => {
    store.failure = new Error('The disk is full.');
    const page = await openPage();
    page.connection.send('one');
    isUnstored(page, 'The disk is full.');
    await page.resumes();
    page.connection.send('two');
    expect(sent(page)).toEqual(['one', 'two']);
    page.says(taken(2));
    expect(page.told).toContain('confirm one,two');
  });

  test('later: likewise, and nothing that is out of date stays in it', async () => {
    const page = await openPage();
    await page.resumes();
    page.connection.send('one');
    await settle();
    store.failure = new Error('The disk is full.');
    page.connection.send('two');
    page.connection.send('three');
    store.failure = null;
    await settle();
    expect(sent(page)).toEqual(['one', 'two', 'three']);
    isUnstored(page, 'The disk is full.');
    expect(store.outboxes.size).toBe(0);
    page.connection.send('four');
    expect(sent(page).at(-1)).toBe('four');
    page.says(taken(4));
    expect(page.told.at(-1)).toBe('confirm one,two,three,four');
  });

  test('for good: what cannot be taken out of it stays with this page, and the next one does not send it again (fault 160)', async () => {
    const page = await openPage();
    page.connection.send('one');
    await settle();
    store.failure = new Error('The disk is full.');
    await page.resumes();
    await settle();
    isUnstored(page, 'The disk is full.');
    page.connection.send('two');
    expect(sent(page)).toEqual(['one', 'two']);
    page.says(taken(2));
    store.failure = null;
    const other = await openPage();
    expect(waiting(other)).toEqual([]);
    closePages();

    const next = await openPage();
    expect(waiting(next)).toEqual(['one waiting']);
    await next.resumes({ taken: 2 });
    await settle();
    expect(next.told[0]).toBe('uncertain one');
    next.nextAttempt();
    await next.resumes();
    await settle();
    expect(sent(next)).toEqual([]);
    expect(store.stored).toEqual([]);
  });

  test('to answer at all: it is waited for 3 s', async () => {
    store.holds();
    const page = await openPage();
    page.connection.send('one');
    page.network.acceptsAll();
    page.accepts();
    page.clock.advance(2_900);
    await settle();
    expect(page.told).toEqual([]);
    page.clock.advance(100);
    await settle();
    isUnstored(page, 'the store has not answered for 3 s.');
    page.says(ANSWER);
    await settle();
    expect(sent(page)).toEqual(['one']);
    store.commits();
    await settle();
    expect(store.owners.size).toBe(0);
  });

  test('for one message that cannot be copied: only that one is not stored', async () => {
    const page = await openPage({ codec: json() as never });
    const send = page.connection.send as (message: object) => unknown;
    send({ text: 'one', onClick() {} });
    send({ text: 'two' });
    await settle();
    expect(store.stored).toHaveLength(1);
    expect(page.told).toEqual([expect.stringContaining('could not be cloned')]);
    await page.resumes();
    await settle();
    expect(sent(page)).toEqual(['{"text":"one"}', '{"text":"two"}']);
  });

  test('where there is no IndexedDB or no Web Locks: an error says so', async () => {
    const page = await openPage({ delivery: confirmed({ store: indexedDbStore('chat') }) });
    page.connection.send('one');
    await page.resumes();
    expect(sent(page)).toEqual(['one']);
    expect(page.told.join()).toContain('error Messages are not stored');
  });
});

describe('preventUnload', () => {
  test.runIf(inPage)(
    'asks for each connection of the page: one of which all is confirmed takes nothing from another (fault 156)',
    async () => {
      const asks = () => !dispatchEvent(new Event('beforeunload', { cancelable: true }));
      const open = async () => {
        const page = simulateSession({ delivery: confirmed({ preventUnload: true }) });
        onTestFinished(() => page.connection.close());
        page.connection.open();
        await page.resumes();
        page.connection.send('one');
        return page;
      };
      const [first, second] = [await open(), await open()];
      second.says(taken(1));
      expect(asks()).toBe(true);
      first.says(taken(1));
      expect(asks()).toBe(false);
    },
  );

  test.runIf(inPage)(
    'asks before the page is closed, only while something is not confirmed',
    async () => {
      const asks = () => !dispatchEvent(new Event('beforeunload', { cancelable: true }));
      const page = simulateSession({ delivery: confirmed({ preventUnload: true }) });
      onTestFinished(() => page.connection.close());
      page.connection.open();
      await page.resumes();
      expect(asks()).toBe(false);
      page.connection.send('one');
      expect(asks()).toBe(true);
      page.breaks();
      expect(asks()).toBe(true);
      await page.resumes({ taken: 1 });
      expect(asks()).toBe(false);
    },
  );

  test('an unknown option is refused', () => {
    expect(() => confirmed({ preventUnlod: true } as never)).toThrow(
      'preventUnlod is not an option of confirmed(): did you mean preventUnload?',
    );
  });
});
