import { vi } from 'vitest';
import type { DevTools } from './devtools.ts';
import { AHEAD, AWAY, type Site } from './site.ts';
import { type RecordReader, readRecord } from './read-record.ts';
import type { Entry, PageOptions } from './record.ts';

/** A page with a connection, in its own window. */
export interface Page extends RecordReader {
  /** Another tab comes to the front. From now on no DevTools session is attached to the page. */
  hides(): Promise<void>;
  /** The tab comes to the front again; a frozen page resumes. */
  isShownAgain(): Promise<void>;
  /** Nothing runs in the page any more, as in a tab that has been hidden for a long time. */
  freezes(): Promise<void>;
  /** The network is lost, and the browser reports it: open sockets get no more frames, new ones fail. */
  goesOffline(): Promise<void>;
  /** The network works again, and the browser reports it. */
  isOnlineAgain(): Promise<void>;
  /** The browser reports that it is offline, but the network works. */
  reportsOffline(): Promise<void>;
  /** Navigates to another page; with a back/forward cache, this one is kept there. */
  leaves(): Promise<void>;
  /** Navigates back in the history. */
  comesBack(): Promise<void>;
  /** Closes the window. */
  stops(): Promise<void>;
}

/** Opens a page of a site. If it is prerendered, no DevTools session is attached: Chromium does not prerender then. */
export async function openPage(
  { ask }: DevTools,
  site: Site,
  { isPrerendered = false, ...options }: PageOptions & { readonly isPrerendered?: boolean },
): Promise<Page> {
  // Only one tab of a window is visible, so each page has its own window.
  const window = await ask<object>('Target.createBrowserContext');
  const blank = { url: 'about:blank', ...window };
  const hash = encodeURIComponent(JSON.stringify(options));
  const { targetId } = await ask<{ targetId: string }>('Target.createTarget', {
    ...blank,
    ...(isPrerendered && { url: `${site.origin}${AHEAD}#${hash}` }),
  });
  let sessionId: string | undefined;

  const command = async <Answer>(method: string, parameters?: object) =>
    ask<Answer>(method, parameters, sessionId);

  async function attach(): Promise<void> {
    if (sessionId) return;
    const attached = ask<{ sessionId: string }>('Target.attachToTarget', {
      targetId,
      flatten: true,
    });
    ({ sessionId } = await attached);
  }

  async function detach(): Promise<void> {
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

  /** Waits for the end of a navigation, during which calls may fail. */
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

  async function navigate(): Promise<void> {
    await attach();
    // A socket opened before this call never notices a lost network.
    await command('Network.enable');
    const { errorText } = await command<{ errorText?: string }>('Page.navigate', {
      url: `${site.origin}/#${hash}`,
    });
    if (errorText) throw new Error(`The page does not open: ${errorText}`);
  }

  if (!isPrerendered) await navigate();

  // While offline, only DevTools can read the record. While hidden, no session is attached, and the site has it.
  const record = async () =>
    sessionId ? ((await evaluate<Entry[]>('window.record')) ?? []) : site.record();

  return {
    ...readRecord(record),
    async hides() {
      await detach();
      await ask('Target.createTarget', blank);
      await vi.waitUntil(() => site.record().some(({ detail }) => detail === 'hidden'), 10_000);
    },
    async isShownAgain() {
      await ask('Target.activateTarget', { targetId });
    },
    async freezes() {
      await attach();
      await command('Page.setWebLifecycleState', { state: 'frozen' });
      await detach();
    },
    async goesOffline() {
      await losesNetwork('emulateNetworkConditions');
    },
    async reportsOffline() {
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
