import { startChromium } from '../support/chromium/devtools.ts';
import { openPage, type Page } from '../support/chromium/page.ts';
import { type Site, startSite } from '../support/chromium/site.ts';
import { test as base } from '../node/fixtures.ts';

interface SiteOptions {
  readonly scheme?: 'http' | 'https';
  /** The response headers of the page. */
  readonly headers?: Record<string, string>;
}

const FLAGS = [
  // Timers of a hidden tab are slowed to once a minute after five seconds, not five minutes.
  '--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/5',
  // A browser allows ws:// to a loopback address on an https page, but not to a name.
  '--host-resolver-rules=MAP example.test 127.0.0.1',
  // The certificate of the https site is self-signed.
  '--ignore-certificate-errors',
];

/** Gives each test its own server, proxy and pages with a connection, in one Chromium for the file. */
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
      options: Parameters<typeof openPage>[2],
      { scheme = 'http', headers = {} }: SiteOptions = {},
    ): Promise<Page> => {
      const site = await startSite(scheme, headers);
      started.push(site);
      const page = await openPage(devTools, site, options);
      started.push(page);
      return page;
    };
  });
