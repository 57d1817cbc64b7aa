// Opens every docs page of the static site in Chromium, narrow and wide, light and dark. Fails on an error in the
// console, on what is loaded from elsewhere, on a page that scrolls sideways, and on a link to a page that is not there.
// With --shots it leaves pictures in .shots/docs/.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { preview } from 'vite';
import { chromiumArgs, chromiumHelp, findChromium } from '../../tests/support/chromium.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SITE = join(ROOT, 'storybook-static');
const SHOTS = process.argv.includes('--shots') && join(ROOT, '.shots/docs');
const VIEWS = [360, 1440].flatMap((width) => ['light', 'dark'].map((theme) => ({ width, theme })));

/** What is wrong with a page. */
async function complaintsOf(browser, url, { id }, pages) {
  const page = await browser.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('request', (request) => {
    const from = new URL(request.url());
    if (from.protocol.startsWith('http') && from.origin !== url)
      complaints.push(`loads ${from.href} from elsewhere`);
  });
  // A full Chromium asks for one, and would report that there is none.
  await page.route('**/favicon.ico', (route) => route.fulfill({ status: 204 }));
  try {
    await page.goto(`${url}/iframe.html?id=${id}&viewMode=docs`);
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

if (!existsSync(join(SITE, 'index.json')))
  throw new Error('There is no static site. `npm run build:storybook` builds it.');
const found = await findChromium();
if (!found) throw new Error(chromiumHelp);
const { entries } = JSON.parse(await readFile(join(SITE, 'index.json'), 'utf8'));
const docs = Object.values(entries).filter(({ title }) => title.startsWith('Docs/'));
if (docs.length === 0) throw new Error('The static site has no docs pages.');
const pages = new Set(docs.map(({ id }) => id));

const site = await preview({
  root: ROOT,
  configFile: false,
  logLevel: 'error',
  build: { outDir: SITE },
  preview: { host: '127.0.0.1', port: 0 },
});
const url = new URL(site.resolvedUrls.local[0]).origin;
const browser = await chromium.launch({ executablePath: found.path, args: chromiumArgs });
try {
  for (const page of docs) {
    const complaints = await complaintsOf(browser, url, page, pages);
    console.log(`${complaints.length ? '✗' : '✓'} ${page.title}`);
    for (const complaint of complaints) console.error(`  ${complaint}`);
    if (complaints.length) process.exitCode = 1;
  }
} finally {
  await browser.close();
  await site.close();
}
