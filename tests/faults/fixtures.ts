import { startChromium } from '../support/chromium/devtools.ts';
import { openPage, type Page } from '../support/chromium/page.ts';
import { type Site, startSite } from '../support/chromium/site.ts';
import type { PageOptions } from '../support/chromium/story.ts';
import { test as base } from '../node/fixtures.ts';

interface Circumstances {
  readonly scheme?: 'http' | 'https';
  /** Headers of the answer that is the page. */
  readonly headers?: Record<string, string>;
}

const FLAGS = [
  // What befalls the timers of a tab that has been hidden for five minutes befalls them after five seconds.
  '--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/5',
  // A browser trusts ws:// to a loopback address, but not to a name that only we know to be one.
  '--host-resolver-rules=MAP example.test 127.0.0.1',
  // Nobody has signed the certificate of the https site.
  '--ignore-certificate-errors',
];

/** Gives each test a server and a proxy of its own, and pages that hold a connection, in a Chromium for the file. */
export const test = base
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads the parameter to know what a fixture needs
  .extend('devTools', { scope: 'file' }, async ({}, { onCleanup }) => {
    const devTools = await startChromium(FLAGS);
    onCleanup(devTools.stops);
    return devTools;
  })
  .extend('opens', async ({ devTools }, { onCleanup }) => {
    const started: (Page | Site)[] = [];
    onCleanup(async () => {
      for (const one of started.toReversed()) await one.stops();
    });
    return async (
      options: PageOptions,
      { scheme = 'http', headers = {} }: Circumstances = {},
    ): Promise<Page> => {
      const site = await startSite(scheme, headers);
      started.push(site);
      const page = await openPage(devTools, site, options);
      started.push(page);
      return page;
    };
  });
