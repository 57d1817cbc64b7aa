import { contextOptions } from '../tests/support/chromium.mjs';

/** Opens a story or a docs page in its own page, and collects its errors. */
export async function openStory(browser, url, id, viewMode, options) {
  const page = await browser.newPage({ ...contextOptions, ...options });
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('request', (request) => {
    const from = new URL(request.url());
    if (from.protocol.startsWith('http') && from.origin !== new URL(url).origin)
      complaints.push(`loads ${from.href} from another site`);
  });
  // A full Chromium requests a favicon, and would report that it is missing.
  await page.route('**/favicon.ico', (route) => route.fulfill({ status: 204 }));
  await page.goto(`${url}/iframe.html?id=${id}&viewMode=${viewMode}`);
  return { page, complaints };
}

/** The statuses that a page shows, those in shadow roots included. */
export const statusesOf = (page) =>
  page.locator('[data-status]').evaluateAll((pills) => pills.map((pill) => pill.dataset.status));

/** Waits for the end of a story's play function, and returns how it ended. */
export async function played(page) {
  const handle = await page.waitForFunction(
    () => {
      const { __STORYBOOK_PREVIEW__: preview } = window;
      const phase = preview?.currentRender?.phase;
      return ['finished', 'errored', 'aborted'].includes(phase) && phase;
    },
    null,
    { timeout: 60_000, polling: 100 },
  );
  return handle.jsonValue();
}
