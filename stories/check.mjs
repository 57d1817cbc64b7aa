// Opens each story of the static site in Chromium, where the demo runs in the page, and plays it; each page of the docs,
// too. Fails on an error in the console, on a play function that fails, on a connection that does not open, and on what
// is loaded from elsewhere.
import { chromium } from 'playwright';
import { chromiumArgs, chromiumHelp, findChromium } from '../tests/support/chromium.mjs';
import { openStory } from './open-story.mjs';
import { serveSite } from './static-site.mjs';

const AT_ONCE = 3;
/** Milliseconds in which a page of the docs may complain. */
const READ_FOR = 1_000;

/** Waits until a story was played to its end, and tells how it went. */
async function played(page) {
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

const links = (page) =>
  page.locator('[data-status]').evaluateAll((pills) => pills.map((pill) => pill.dataset.status));

/** What is wrong with a story or a page of the docs; nothing is the best answer. */
async function complaintsOf(browser, url, { id, type, tags }) {
  const { page, complaints } = await openStory(browser, url, id, type);
  try {
    if (type === 'docs') {
      await page.waitForSelector('#storybook-docs h1');
      await page.waitForTimeout(READ_FOR);
      return complaints;
    }
    const phase = await played(page);
    if (phase !== 'finished') {
      const error = await page.locator('#error-message').textContent({ timeout: 1_000 });
      complaints.push(`${phase}: ${error}`);
    }
    // A story for tests may end in whatever state it likes.
    if (!tags.includes('dev')) return complaints;
    const end = Date.now() + 5_000;
    let states = await links(page);
    while (Date.now() < end && !(states.length && states.every((state) => state === 'open'))) {
      await page.waitForTimeout(100);
      states = await links(page);
    }
    if (!states.length || states.some((state) => state !== 'open'))
      complaints.push(`its connections are: ${states.join(', ') || 'not shown'}`);
  } catch (error) {
    complaints.push(String(error));
  } finally {
    await page.close();
  }
  return complaints;
}

const found = await findChromium();
if (!found) throw new Error(chromiumHelp);

const site = await serveSite();
const browser = await chromium.launch({ executablePath: found.path, args: chromiumArgs });
try {
  const left = [...site.entries];
  const checkNext = async () => {
    for (let story = left.shift(); story; story = left.shift()) {
      const complaints = await complaintsOf(browser, site.url, story);
      console.log(`${complaints.length ? '✗' : '✓'} ${story.title} / ${story.name}`);
      for (const complaint of complaints) console.error(`  ${complaint}`);
      if (complaints.length) process.exitCode = 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, checkNext));
} finally {
  await browser.close();
  site.close();
}
