// Takes pictures of every story of the static site, narrow and wide, light and dark, and a contact sheet, in .shots/.
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { chromiumArgs, chromiumHelp, findChromium } from '../tests/support/chromium.mjs';
import { openStory } from './open-story.mjs';
import { serveSite } from './static-site.mjs';

const OUT = fileURLToPath(new URL('../.shots', import.meta.url));
const VIEWS = [
  { width: 360, height: 740, theme: 'light' },
  { width: 360, height: 740, theme: 'dark' },
  { width: 1440, height: 900, theme: 'light' },
  { width: 1440, height: 900, theme: 'dark' },
];
/** Long enough for a first heartbeat, so that a round trip is shown. */
const SETTLE = 2_500;

async function shoot(browser, url, story, { width, height, theme }) {
  const { page, complaints } = await openStory(browser, url, story.id, 'story', {
    viewport: { width, height },
    colorScheme: theme,
    deviceScaleFactor: width < 600 ? 2 : 1,
    reducedMotion: 'reduce',
  });
  await page.waitForFunction(
    () =>
      document.body.classList.contains('sb-show-main') &&
      document.querySelector('#storybook-root > *') &&
      !document.querySelector('[data-busy]'),
    null,
    { timeout: 20_000 },
  );
  await page.waitForTimeout(SETTLE);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  if (overflow > 0) complaints.push(`scrolls sideways by ${overflow} px`);
  const file = `${story.id}-${width}-${theme}.png`;
  await page.screenshot({ path: join(OUT, file), fullPage: true });
  await page.close();
  return { ...story, file, width, theme, complaints };
}

async function contactSheet(browser, shots) {
  const pictures = await Promise.all(
    shots.map(async ({ file, title, name, width, theme }) => {
      const data = (await readFile(join(OUT, file))).toString('base64');
      return `<figure style="flex:${width < 600 ? 1 : 2.6}"><img src="data:image/png;base64,${data}">
        <figcaption>${title} / ${name} · ${width} px · ${theme}</figcaption></figure>`;
    }),
  );
  const rows = [];
  while (pictures.length) rows.push(`<div>${pictures.splice(0, VIEWS.length).join('')}</div>`);
  const page = await browser.newPage({ viewport: { width: 2400, height: 1000 } });
  await page.setContent(`<style>
    body { margin: 0; padding: 24px; background: #777; color: #fff; font: 14px sans-serif }
    div { display: flex; gap: 24px; align-items: start; margin-bottom: 24px }
    figure { margin: 0; min-width: 0 } img { width: 100%; max-height: 1500px; object-fit: cover; object-position: top; display: block }
    figcaption { padding: 6px 0 }
  </style>${rows.join('')}`);
  await page.screenshot({ path: join(OUT, 'contact-sheet.png'), fullPage: true });
}

const found = await findChromium();
if (!found) throw new Error(chromiumHelp);
await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });

const site = await serveSite();
const browser = await chromium.launch({ executablePath: found.path, args: chromiumArgs });
try {
  const stories = site.entries.filter(({ type, tags }) => type === 'story' && tags.includes('dev'));
  const shots = [];
  for (const story of stories) {
    const shot = (view) => shoot(browser, site.url, story, view);
    shots.push(...(await Promise.all(VIEWS.map(shot))));
  }
  await contactSheet(browser, shots);
  for (const { file, complaints } of shots)
    for (const complaint of complaints) console.error(`${file}: ${complaint}`);
  console.log(
    `${shots.length} pictures and contact-sheet.png of ${stories.length} stories: .shots/`,
  );
  process.exitCode = shots.some(({ complaints }) => complaints.length > 0) ? 1 : 0;
} finally {
  await browser.close();
  site.close();
}
