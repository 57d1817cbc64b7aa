// Opens every docs page of the static site in Chromium, narrow and wide, light and dark. Fails on an error in the
// console, on what is loaded from elsewhere, on a page that scrolls sideways, and on a link to a page that is not there.
// With --shots it leaves pictures in .shots/docs/.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { chromiumArgs, chromiumHelp, findChromium } from '../../tests/support/chromium.mjs';
import { openStory } from '../open-story.mjs';
import { serveSite } from '../static-site.mjs';

const SHOTS =
  process.argv.includes('--shots') && fileURLToPath(new URL('../../.shots/docs', import.meta.url));
const VIEWS = [360, 1440].flatMap((width) => ['light', 'dark'].map((theme) => ({ width, theme })));

/** What is wrong with a page. */
async function complaintsOf(browser, url, { id }, pages) {
  const { page, complaints } = await openStory(browser, url, id, 'docs');
  try {
    await page.locator('.sbdocs-content h1').waitFor();
    // Code is coloured a little later.
    await page.waitForLoadState('networkidle');
    const links = await page
      .locator('.sbdocs-content a[href*="path=/docs/"]')
      .evaluateAll((all) => all.map((link) => link.getAttribute('href').split('path=/docs/')[1]));
    for (const link of links) if (!pages.has(link)) complaints.push(`there is no page ${link}`);
    for (const { width, theme } of VIEWS) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme: theme });
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      if (overflow > 0) complaints.push(`scrolls sideways by ${overflow} px where ${width} are`);
      if (SHOTS)
        await page.screenshot({ path: join(SHOTS, `${id}-${width}-${theme}.png`), fullPage: true });
    }
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
const docs = site.entries.filter(({ title }) => title.startsWith('Docs/'));
if (docs.length === 0) throw new Error('The static site has no docs pages.');
const pages = new Set(docs.map(({ id }) => id));

const browser = await chromium.launch({ executablePath: found.path, args: chromiumArgs });
try {
  for (const page of docs) {
    const complaints = await complaintsOf(browser, site.url, page, pages);
    console.log(`${complaints.length ? '✗' : '✓'} ${page.title}`);
    for (const complaint of complaints) console.error(`  ${complaint}`);
    if (complaints.length) process.exitCode = 1;
  }
} finally {
  await browser.close();
  site.close();
}
