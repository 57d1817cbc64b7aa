// Opens each entry of the static site in Chromium, where the demo runs in the page. Fails on an error in the console and
// on a request to another site. A story is played: it fails on a failing play function and on a connection that does not
// open. Those in the sidebar are used by keyboard alone. The first page must weigh little, and stand still. A page of the
// docs is looked at narrow and wide, light and dark: it fails where it scrolls sideways, and on a link to a page, a heading
// or a story that is not there. With --shots it leaves pictures of those pages in .shots/docs/.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { chromiumArgs, chromiumHelp, findChromium } from '../tests/support/chromium.mjs';
import { checkFrontPage } from './check-front-page.mjs';
import { checkKeyboard } from './check-keyboard.mjs';
import { openStory, played, statusesOf } from './open-story.mjs';
import { serveSite } from './static-site.mjs';

const AT_ONCE = 3;
const SHOTS =
  process.argv.includes('--shots') && fileURLToPath(new URL('../.shots/docs', import.meta.url));
const VIEWS = [360, 1440].flatMap((width) => ['light', 'dark'].map((theme) => ({ width, theme })));

/** Waits until a story is played and connected, notes its links, and reports what went wrong. */
async function checkStory(page, { id, tags }, complain, { targets }) {
  const phase = await played(page);
  targets.set(id, await targetsOf(page, id));
  if (phase !== 'finished') {
    const error = await page.locator('#error-message').textContent({ timeout: 1_000 });
    complain(`${phase}: ${error}`);
  }
  // A story for tests may end in any status.
  if (!tags.includes('dev')) return;
  // A recorded run has no connection.
  if (!tags.includes('recorded')) await untilOpen(page, complain);
  await checkKeyboard(page, complain);
}

/** Waits until all connections that a page shows are open. */
async function untilOpen(page, complain) {
  const end = Date.now() + 5_000;
  let states = await statusesOf(page);
  while (Date.now() < end && !(states.length && states.every((state) => state === 'open'))) {
    await page.waitForTimeout(100);
    states = await statusesOf(page);
  }
  if (!states.length || states.some((state) => state !== 'open'))
    complain(`its connections are: ${states.join(', ') || 'not shown'}`);
}

/** Where the links of a page lead, as `/docs/page` or `/docs/page#heading`. */
async function targetsOf(page, id) {
  const hrefs = await page
    .locator('main a:is([href^="#"], [href*="path=/"])')
    .evaluateAll((all) => all.map((link) => link.getAttribute('href')));
  return hrefs.map((href) =>
    href.startsWith('#') ? `/docs/${id}${href}` : href.split('path=')[1],
  );
}

/** Looks at a page of the docs in every view, and notes its links and its headings. */
async function checkDocs(page, { id }, complain, { targets, paths }) {
  await page.locator('.sbdocs-content h1').first().waitFor();
  // Code is coloured a little later.
  await page.waitForLoadState('networkidle');
  targets.set(id, await targetsOf(page, id));
  const headings = await page
    .locator('.sbdocs-content :is(h1, h2, h3, h4)')
    .evaluateAll((all) => all.map((heading) => heading.id));
  for (const heading of headings) paths.add(`/docs/${id}#${heading}`);
  for (const { width, theme } of VIEWS) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: theme });
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (overflow > 0) complain(`scrolls sideways by ${overflow} px where ${width} are`);
    if (SHOTS)
      await page.screenshot({ path: join(SHOTS, `${id}-${width}-${theme}.png`), fullPage: true });
  }
}

/** What is wrong with an entry; nothing is the best answer. */
async function complaintsOf(browser, url, entry, links) {
  const { page, complaints } = await openStory(browser, url, entry.id, entry.type);
  const complain = (text) => complaints.push(text);
  try {
    await (entry.type === 'docs' ? checkDocs : checkStory)(page, entry, complain, links);
  } catch (error) {
    complain(String(error));
  } finally {
    await page.close();
  }
  return complaints;
}

const found = await findChromium();
if (!found) throw new Error(chromiumHelp);

const site = await serveSite();
/** Where the links of each page lead, and where they may: the headings are known when every page was seen. */
const links = {
  targets: new Map(),
  paths: new Set(site.entries.map(({ type, id }) => `/${type}/${id}`)),
};
const browser = await chromium.launch({ executablePath: found.path, args: chromiumArgs });
/** What is wrong with the site. It is said at once, and all of it at the end, where a long log is read first. */
const wrong = [];
const report = (text) => {
  console.error(`✗ ${text}`);
  wrong.push(text);
};
try {
  // Some tests need a real server.
  const left = site.entries.filter(({ tags }) => !tags?.includes('live'));
  const checkNext = async () => {
    for (let entry = left.shift(); entry; entry = left.shift()) {
      const complaints = await complaintsOf(browser, site.url, entry, links);
      const name = `${entry.title} / ${entry.name}`;
      if (complaints.length) report([name, ...complaints].join('\n  '));
      else console.log(`✓ ${name}`);
    }
  };
  await checkFrontPage(browser, site.url, (text) => report(`the first page ${text}`));
  await Promise.all(Array.from({ length: AT_ONCE }, checkNext));
  for (const [id, targets] of links.targets)
    for (const target of targets.filter((path) => !links.paths.has(path)))
      report(`${id} links to ${target}, which is not there`);
} finally {
  await browser.close();
  site.close();
}
if (wrong.length) throw new Error(`The site has faults:\n${wrong.join('\n')}`);
