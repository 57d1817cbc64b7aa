import { inject } from 'vitest';
import { startChromium } from '../support/chromium/devtools.ts';
import { openPage, type Page } from '../support/chromium/page.ts';
import { type Site, startSite } from '../support/chromium/site.ts';
import { openEnginePage } from '../support/engines/page.ts';
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

/** Where the pages are opened, if not in Chromium. */
const engine = inject('engine');

/** Opens a page of a site. */
type OpenPage = (site: Site, options: Parameters<typeof openPage>[2]) => Promise<Page>;

/** Gives each test its own server, proxy and pages with a connection, in one Chromium for the file, or each in its engine. */
export const test = base
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads the parameter to know what a fixture needs
  .extend('opensPage', { scope: 'file' }, async ({}, { onCleanup }): Promise<OpenPage> => {
    if (engine) return async (site, options) => openEnginePage(engine, site, options);
    const devTools = await startChromium(FLAGS);
    onCleanup(devTools.stops);
    return async (site, options) => openPage(devTools, site, options);
  })
  .extend('opens', async ({ opensPage }, { onCleanup }) => {
    const started: (Page | Site)[] = [];
    onCleanup(async () => {
      for (const one of started.toReversed()) await one.stops();
    });
    return async (
      options: Parameters<OpenPage>[1],
      { scheme = 'http', headers = {} }: SiteOptions = {},
    ): Promise<Page> => {
      const site = await startSite(scheme, headers);
      started.push(site);
      const page = await opensPage(site, options);
      started.push(page);
      return page;
    };
  });
