// Takes pictures of every story of the static site, narrow and wide, light, dark and in forced colours, open and broken, and
// a contact sheet, in .shots/.
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { chromiumArgs, chromiumHelp, findChromium } from '../tests/support/chromium.mjs';
import { openStory } from './open-story.mjs';
import { serveSite } from './static-site.mjs';

const OUT = fileURLToPath(new URL('../.shots', import.meta.url));
const VIEWS = [
  { width: 360, theme: 'light' },
  { width: 360, theme: 'dark' },
  { width: 360, theme: 'light', state: 'refused' },
  { width: 360, theme: 'dark', state: 'closed' },
  { width: 768, theme: 'light' },
  { width: 768, theme: 'forced' },
  { width: 1440, theme: 'light' },
  { width: 1440, theme: 'dark' },
  { width: 1440, theme: 'dark', state: 'refused' },
  { width: 1440, theme: 'light', state: 'closed' },
];
/** How a connection is brought into a state. 1002 is a close code after which nothing is tried again. */
const BREAKS = {
  async refused(page) {
    await page.getByLabel('Seconds to refuse connections').fill('60');
    await page.getByRole('button', { name: 'Refuse for' }).click();
  },
  async closed(page) {
    await page.getByLabel('Close code').fill('1002');
    await page.getByRole('button', { name: 'Close', exact: true }).click();
  },
};
const AT_ONCE = 5;
/** Long enough for a first heartbeat, so that a round trip is shown. */
const SETTLE = 2_500;
/** Long enough for the new state to be seen everywhere. */
const BROKEN = 1_000;

async function shoot(browser, url, story, { width, theme, state }) {
  const { page, complaints } = await openStory(browser, url, story.id, 'story', {
    viewport: { width, height: width < 600 ? 740 : 900 },
    colorScheme: theme === 'dark' ? 'dark' : 'light',
    forcedColors: theme === 'forced' ? 'active' : 'none',
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
  if (state && (await page.getByRole('region', { name: 'Break the connection' }).count())) {
    await BREAKS[state](page);
    await page.waitForTimeout(BROKEN);
  }
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  if (overflow > 0) complaints.push(`scrolls sideways by ${overflow} px`);
  const name = [story.id, width, theme, state].filter(Boolean).join('-');
  const file = `${name}.png`;
  await page.screenshot({ path: join(OUT, file), fullPage: true });
  await page.close();
  return { ...story, file, width, theme, state, complaints };
}

async function contactSheet(browser, shots) {
  const pictures = await Promise.all(
    shots.map(async ({ file, name, width, theme, state = 'open' }) => {
      const data = (await readFile(join(OUT, file))).toString('base64');
      return `<figure style="flex:${width < 600 ? 1 : 2.6}"><img src="data:image/png;base64,${data}">
        <figcaption>${name} · ${width} px · ${theme} · ${state}</figcaption></figure>`;
    }),
  );
  const rows = [];
  while (pictures.length) rows.push(`<div>${pictures.splice(0, VIEWS.length).join('')}</div>`);
  const page = await browser.newPage({ viewport: { width: 3600, height: 1000 } });
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
    // A few at once: more would not be drawn in time.
    for (let n = 0; n < VIEWS.length; n += AT_ONCE)
      shots.push(...(await Promise.all(VIEWS.slice(n, n + AT_ONCE).map(shot))));
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
