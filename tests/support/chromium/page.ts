import { vi } from 'vitest';
import type { Status } from '../../../src/core.ts';
import type { DevTools } from './devtools.ts';
import { AWAY, type Site } from './site.ts';
import type { Details, Entry, PageOptions } from './story.ts';

/** A page that holds a connection, alone in a window. */
export interface Page {
  /** Everything that has happened in the page, in order. */
  story(): Promise<readonly Entry[]>;
  /** Of the story, the details of one kind. */
  told<What extends keyof Details>(what: What): Promise<Details[What][]>;
  /** Of the story, when each of one kind happened, in milliseconds since the epoch. */
  when(what: keyof Details): Promise<number[]>;
  /** How the connection fared: each status that is not the one before. */
  statuses(): Promise<Status[]>;
  /** Milliseconds from the last such event of the page to the last loss of a link. */
  lostAfter(event: string): Promise<number>;
  /** Another tab comes in front; from here on, no session of DevTools is attached to the page. */
  hides(): Promise<void>;
  /** The tab is in front again; a frozen page runs again. */
  isShownAgain(): Promise<void>;
  /** Nothing runs in the page any more, as in a tab that has been hidden for long. */
  freezes(): Promise<void>;
  /** The network is gone, and the browser says so: open sockets fall silent, new ones fail. */
  goesOffline(): Promise<void>;
  /** The network is there, and the browser says so. */
  isOnlineAgain(): Promise<void>;
  /** The browser says that the network is gone, which is not true. */
  isCalledOffline(): Promise<void>;
  /** Another page takes its place; where there is a back/forward cache, this one is kept there. */
  leaves(): Promise<void>;
  /** The history brings it back. */
  comesBack(): Promise<void>;
  /** Closes the window. */
  stops(): Promise<void>;
}

/** Opens a page of a site. */
export async function openPage({ ask }: DevTools, site: Site, options: PageOptions): Promise<Page> {
  // Of a window with several tabs, only one is visible.
  const window = await ask<object>('Target.createBrowserContext');
  const blank = { url: 'about:blank', ...window };
  const { targetId } = await ask<{ targetId: string }>('Target.createTarget', blank);
  let sessionId: string | undefined;

  const command = async <Answer>(method: string, parameters?: object) =>
    ask<Answer>(method, parameters, sessionId);

  async function watch(): Promise<void> {
    if (sessionId) return;
    const attached = ask<{ sessionId: string }>('Target.attachToTarget', {
      targetId,
      flatten: true,
    });
    ({ sessionId } = await attached);
  }

  async function lookAway(): Promise<void> {
    if (sessionId) await ask('Target.detachFromTarget', { sessionId });
    sessionId = undefined;
  }

  const evaluate = async <Value>(expression: string) => {
    const { result } = await command<{ result: { value: Value } }>('Runtime.evaluate', {
      expression,
      returnByValue: true,
    });
    return result.value;
  };

  /** A navigation takes its time, and what is asked meanwhile may fail. */
  const arrivesAt = async (path: string) =>
    vi.waitFor(async () => {
      const place = await evaluate<string>('document.readyState + location.pathname');
      if (place !== `complete${path}`) throw new Error(`The page is ${place}.`);
    }, 10_000);

  const network = async (method: string, offline: boolean) =>
    command(`Network.${method}`, {
      offline,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: -1,
    });

  async function losesNetwork(method: string): Promise<void> {
    if (!(await evaluate<boolean>('navigator.onLine')))
      throw new Error('This machine has no network that a page could lose: connect it to one.');
    await network(method, true);
  }

  await watch();
  // A socket that opens before this never notices that the network is gone.
  await command('Network.enable');
  const { errorText } = await command<{ errorText?: string }>('Page.navigate', {
    url: `${site.origin}/#${encodeURIComponent(JSON.stringify(options))}`,
  });
  if (errorText) throw new Error(`The page does not open: ${errorText}`);

  // Offline, only a session can tell; hidden, there is none.
  const story = async () =>
    sessionId ? ((await evaluate<Entry[]>('window.story')) ?? []) : site.story();
  const told = async <What extends keyof Details>(what: What) =>
    (await story()).flatMap((entry) =>
      entry.what === what ? [entry.detail as Details[What]] : [],
    );

  return {
    story,
    told,
    async when(wanted) {
      return (await story()).flatMap(({ at, what }) => (what === wanted ? [at] : []));
    },
    async statuses() {
      const all = (await told('snapshot')).map(({ status }) => status);
      return all.filter((status, index) => status !== all[index - 1]);
    },
    async lostAfter(event) {
      const entries = await story();
      const from = entries.findLast(({ detail }) => detail === event)?.at;
      const to = entries.findLast(({ what }) => what === 'close')?.at;
      return Number(to) - Number(from);
    },
    async hides() {
      await lookAway();
      await ask('Target.createTarget', blank);
      await vi.waitUntil(() => site.story().some(({ detail }) => detail === 'hidden'), 10_000);
    },
    async isShownAgain() {
      await ask('Target.activateTarget', { targetId });
    },
    async freezes() {
      await watch();
      await command('Page.setWebLifecycleState', { state: 'frozen' });
      await lookAway();
    },
    async goesOffline() {
      await losesNetwork('emulateNetworkConditions');
    },
    async isCalledOffline() {
      await losesNetwork('overrideNetworkState');
    },
    async isOnlineAgain() {
      await network('emulateNetworkConditions', false);
      await network('overrideNetworkState', false);
    },
    async leaves() {
      await evaluate(`location.href = '${AWAY}'`);
      await arrivesAt(AWAY);
    },
    async comesBack() {
      await evaluate('history.back()');
      await arrivesAt('/');
    },
    async stops() {
      await ask('Target.disposeBrowserContext', window);
    },
  };
}
