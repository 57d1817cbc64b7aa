/** Stored outboxes in a real IndexedDB with real locks, against the companion. A tab is an iframe here. */
import { describe, expect, onTestFinished, vi } from 'vitest';
import type { StoredPage, StoredPageOptions } from '../support/stored-page.ts';
import type { SessionServer } from '../support/session-server.ts';
import { startPeer, test as base } from './fixtures.ts';

const patient = { timeout: 10_000, interval: 20 };

interface Tab extends StoredPage {
  readonly window: Window & typeof globalThis;
  /** What its outbox has, as texts. */
  readonly outbox: () => string[];
  closes(): void;
}

/** Opens a tab. `prepare` is called in it before its script runs. */
async function openTab(
  options: StoredPageOptions,
  prepare: (window: Window & typeof globalThis) => void = () => {},
): Promise<Tab> {
  const frame = document.createElement('iframe');
  document.body.append(frame);
  onTestFinished(() => frame.remove());
  const window = frame.contentWindow as Window & typeof globalThis;
  window.storedPageOptions = options;
  prepare(window);
  const script = window.document.createElement('script');
  script.type = 'module';
  script.src = new URL('../support/stored-page.ts', import.meta.url).href;
  window.document.head.append(script);
  await vi.waitFor(() => expect(window.storedPage).toBeDefined(), patient);
  const page = window.storedPage as StoredPage;
  return {
    ...page,
    window,
    outbox: () =>
      page.connection.outbox.map(({ message, state }) => `${message as string} ${state}`),
    closes: () => frame.remove(),
  };
}

const names = (count: number, start = 'message') =>
  Array.from({ length: count }, (_, n) => `${start} ${n}`);

/** Gives each test its own server, and a store that no other test has. */
const test = base.extend<{ sessions: SessionServer; options: StoredPageOptions }>({
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads the parameter to know what a fixture needs
  sessions: async ({}, provide) => {
    const sessions = await startPeer('sessions');
    await provide(sessions);
    await sessions.stops();
  },
  options: async ({ sessions }, provide) => {
    const store = `store ${crypto.randomUUID()}`;
    await provide({ store, scope: 'ada', url: `${sessions.url}?name=ada` });
    indexedDB.deleteDatabase(`react-lifeline:${store}`);
  },
});

const isOpen = async ({ connection }: Tab) =>
  vi.waitFor(() => expect(connection.getSnapshot().status).toBe('open'), patient);

/** What is in the database, as texts; with the numbers of outboxes and messages. */
async function stored({ store }: StoredPageOptions): Promise<string[]> {
  const database = await new Promise<IDBDatabase | null>((resolve) => {
    const request = indexedDB.open(`react-lifeline:${store}`);
    // The tab has not made it yet.
    request.onupgradeneeded = () => request.transaction?.abort();
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(null);
  });
  if (!database) return [];
  const messages = await new Promise<{ message: string }[]>((resolve) => {
    const request = database.transaction('messages').objectStore('messages').getAll();
    request.onsuccess = () => resolve(request.result);
  });
  database.close();
  return messages.map(({ message }) => message);
}

describe('what was written offline', () => {
  test('is handled once and in order after the tab was closed and the server has restarted', async ({
    sessions,
    options,
  }) => {
    await sessions.stops();
    const first = await openTab(options);
    const texts = names(300);
    for (const text of texts) first.connection.send(text);
    await vi.waitFor(async () => expect(await stored(options)).toEqual(texts), patient);
    first.closes();

    const second = await openTab(options);
    second.connection.send('last');
    await vi.waitFor(() => expect(second.outbox()).toHaveLength(301), patient);
    expect(second.outbox()[0]).toBe('message 0 waiting');
    await sessions.starts();
    await vi.waitFor(() => expect(second.connection.outbox).toEqual([]), patient);
    expect(await sessions.handled()).toEqual([...texts, 'last'].map((text) => `ada: ${text}`));
    expect(second.told.filter((text) => !text.startsWith('confirm'))).toEqual([]);
    await vi.waitFor(async () => expect(await stored(options)).toEqual([]), patient);
  });

  test('in two tabs is handled once when one tab is opened again', async ({
    sessions,
    options,
  }) => {
    await sessions.stops();
    const tabs = [await openTab(options), await openTab(options)];
    tabs[0]?.connection.send('one');
    tabs[1]?.connection.send('two');
    await vi.waitFor(async () => expect(await stored(options)).toHaveLength(2), patient);
    for (const tab of tabs) tab.closes();
    await sessions.starts();
    const next = await openTab(options);
    await vi.waitFor(async () => expect(await sessions.handled()).toHaveLength(2), patient);
    await vi.waitFor(async () => expect(await stored(options)).toEqual([]), patient);
    expect((await sessions.handled()).toSorted()).toEqual(['ada: one', 'ada: two']);
    expect(next.told.filter((text) => !text.startsWith('confirm'))).toEqual([]);
  });
});

describe('what was sent', () => {
  test('is handled once, wherever the tab was closed', async ({ sessions, options }) => {
    const texts: string[] = [];
    for (let turn = 0; turn < 8; turn++) {
      const tab = await openTab(options);
      await isOpen(tab);
      const some = names(20, `turn ${turn}, message`);
      for (const text of some) tab.connection.send(text);
      // Some are stored, some sent, some confirmed.
      await vi.waitFor(async () => expect(await stored(options)).not.toEqual([]), patient);
      await new Promise((resolve) => setTimeout(resolve, turn * 5));
      texts.push(...some);
      tab.closes();
    }
    const last = await openTab(options);
    await isOpen(last);
    await vi.waitFor(() => expect(last.connection.outbox).toEqual([]), patient);
    expect(await sessions.handled()).toEqual(texts.map((text) => `ada: ${text}`));
    expect(last.told.join()).not.toContain('uncertain');
  });
});

describe('tabs', () => {
  test('that are open at once have an outbox each, and a third takes up what one leaves', async ({
    sessions,
    options,
  }) => {
    await sessions.stops();
    const [first, second] = [await openTab(options), await openTab(options)];
    first.connection.send('one');
    second.connection.send('two');
    await vi.waitFor(async () => expect(await stored(options)).toHaveLength(2), patient);
    first.closes();
    const third = await openTab(options);
    await vi.waitFor(() => expect(third.outbox()).toEqual(['one waiting']), patient);
    expect(second.outbox()).toEqual(['two waiting']);
    await sessions.starts();
    await vi.waitFor(async () => expect(await sessions.handled()).toHaveLength(2), patient);
  });
});

describe('whose messages they are', () => {
  test('another scope in the next tab gets nothing, and nothing is left', async ({
    sessions,
    options,
  }) => {
    await sessions.stops();
    const first = await openTab(options);
    first.connection.send('of ada');
    await vi.waitFor(async () => expect(await stored(options)).toEqual(['of ada']), patient);
    first.closes();
    await sessions.starts();
    const second = await openTab({ ...options, scope: 'bob', url: `${sessions.url}?name=bob` });
    await isOpen(second);
    expect(second.told).toEqual(['drop of ada scope']);
    second.connection.send('of bob');
    await vi.waitFor(() => expect(second.told).toContain('confirm of bob'), patient);
    expect(await sessions.handled()).toEqual(['bob: of bob']);
    await vi.waitFor(async () => expect(await stored(options)).toEqual([]), patient);
  });

  test('another identity at the server gets nothing', async ({ sessions, options }) => {
    const before = await openTab(options);
    await isOpen(before);
    await sessions.stops();
    // What goes out on the old link would be uncertain.
    await vi.waitFor(() => expect(before.connection.socket).toBeNull(), patient);
    before.connection.send('of ada');
    await vi.waitFor(async () => expect(await stored(options)).toEqual(['of ada']), patient);
    before.closes();
    await sessions.starts();
    const after = await openTab({ ...options, url: `${sessions.url}?name=bob` });
    await isOpen(after);
    await vi.waitFor(() => expect(after.told).toEqual(['drop of ada scope']), patient);
    await vi.waitFor(async () => expect(await stored(options)).toEqual([]), patient);
    expect(await sessions.handled()).toEqual([]);
  });
});

describe('a database that fails', () => {
  const sends = async (tab: Tab, sessions: SessionServer) => {
    await isOpen(tab);
    tab.connection.send('hello');
    await vi.waitFor(async () => expect(await sessions.handled()).toEqual(['ada: hello']), patient);
    expect(tab.told[0]).toContain('error Messages are not stored');
  };

  test('because there are no locks, as on an insecure page: messages go out all the same', async ({
    sessions,
    options,
  }) => {
    const tab = await openTab(options, (window) =>
      Object.defineProperty(window.navigator, 'locks', { value: undefined }),
    );
    await sends(tab, sessions);
    expect(tab.told[0]).toContain('serve it by https');
  });

  test('because it may not be opened, as in some private windows', async ({
    sessions,
    options,
  }) => {
    const tab = await openTab(options, (window) =>
      Object.defineProperty(window, 'indexedDB', {
        get: () => {
          throw new DOMException('Not allowed here.', 'SecurityError');
        },
      }),
    );
    await sends(tab, sessions);
    expect(tab.told[0]).toContain('Not allowed here.');
  });

  test.for(['newer', 'strange'] as const)(
    'because it is a %s one',
    async (kind, { sessions, options }) => {
      const request = indexedDB.open(`react-lifeline:${options.store}`, kind === 'newer' ? 2 : 1);
      await new Promise((resolve, reject) => {
        request.onsuccess = resolve;
        request.onerror = reject;
      });
      request.result.close();
      await sends(await openTab(options), sessions);
    },
  );

  test('because another tab has deleted it meanwhile', async ({ sessions, options }) => {
    const tab = await openTab(options);
    await isOpen(tab);
    await new Promise((resolve, reject) => {
      const request = indexedDB.deleteDatabase(`react-lifeline:${options.store}`);
      request.onsuccess = resolve;
      request.onblocked = reject;
    });
    await sends(tab, sessions);
  });

  test('because the disk is full', async ({ sessions, options }) => {
    const tab = await openTab(options, (window) => {
      const { put } = window.IDBObjectStore.prototype;
      window.IDBObjectStore.prototype.put = function full(...args) {
        const request = put.apply(this, args);
        this.transaction.abort();
        return request;
      };
    });
    await sends(tab, sessions);
  });
});
