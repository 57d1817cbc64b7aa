import { setTimeout as delay } from 'node:timers/promises';
import { vi } from 'vitest';
import type { Page } from '../chromium/page.ts';
import { readRecord } from '../chromium/read-record.ts';
import type { Entry, PageOptions } from '../chromium/record.ts';
import { AHEAD, AWAY, type Site } from '../chromium/site.ts';
import { ENGINES, type EngineId } from './engines.ts';

/** Opens a page of a site in a browser of its own. */
export async function openEnginePage(
  engine: EngineId,
  site: Site,
  { isPrerendered = false, ...options }: PageOptions & { readonly isPrerendered?: boolean },
): Promise<Page> {
  const browser = await ENGINES[engine].starts('about:blank');
  let showAgain: (() => Promise<void>) | undefined;

  const cannot = async () => {
    throw new Error(`Nothing in ${ENGINES[engine].name} can do this to a page.`);
  };

  /** Waits for the end of a navigation, during which calls may fail, or get no answer. */
  const arrivesAt = async (path: string) =>
    vi.waitFor(async () => {
      const place = await Promise.race([
        browser.evaluate<string>('document.readyState + location.pathname'),
        delay(1_000, 'silent'),
      ]);
      if (place !== `complete${path}`) throw new Error(`The page is ${place}.`);
    }, 20_000);

  // Not from the start: only a session accepts the certificate of the site.
  const hash = encodeURIComponent(JSON.stringify(options));
  await browser.goesTo(`${site.origin}${isPrerendered ? AHEAD : '/'}#${hash}`);
  await arrivesAt('/');

  // While the page is hidden, the browser may be asked only about the other tab.
  const record = async () =>
    showAgain ? site.record() : ((await browser.evaluate<Entry[] | null>('window.record')) ?? []);

  return {
    ...readRecord(record),
    async hides() {
      showAgain = await browser.hides();
      await vi.waitUntil(() => site.record().some(({ detail }) => detail === 'hidden'), 10_000);
    },
    async isShownAgain() {
      await showAgain?.();
      showAgain = undefined;
    },
    freezes: cannot,
    goesOffline: () => browser.setOffline(true),
    isOnlineAgain: () => browser.setOffline(false),
    // What WebDriver BiDi takes away are only new sockets. Open ones work.
    reportsOffline: () => browser.setOffline(true),
    async leaves() {
      await browser.goesTo(`${site.origin}${AWAY}`);
      await arrivesAt(AWAY);
    },
    async comesBack() {
      await browser.goesBack();
      await arrivesAt('/');
    },
    stops: browser.stops,
  };
}
