// Takes pictures of every story of the static site, at twice the size: narrow and wide, light, dark and in forced colours,
// open and broken, and of each play function at its end. `contact-sheet.html` in .shots/ shows all of them.
// `node stories/shots.mjs topics chat` takes those of stories with such a word in their id.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { chromiumArgs, chromiumHelp, findChromium } from '../tests/support/chromium.mjs';
import { openStory, played } from './open-story.mjs';
import { serveSite } from './static-site.mjs';

const OUT = fileURLToPath(new URL('../.shots', import.meta.url));
/** The views of a story in each state. One for tests is looked at when its play function has ended, in its own theme. */
const VIEWS = {
  open: [
    { width: 360, theme: 'light' },
    { width: 360, theme: 'dark' },
    { width: 768, theme: 'light' },
    { width: 768, theme: 'forced' },
    { width: 1440, theme: 'light' },
    { width: 1440, theme: 'dark' },
  ],
  refused: [
    { width: 360, theme: 'light' },
    { width: 768, theme: 'forced' },
    { width: 1440, theme: 'dark' },
  ],
  closed: [
    { width: 360, theme: 'dark' },
    { width: 1440, theme: 'light' },
  ],
  played: [
    { width: 360, theme: 'light' },
    { width: 1440, theme: 'light' },
  ],
};
/** How a connection is brought into a state. 1002 is a close code after which nothing is tried again. */
const BREAKS = {
  async refused(bar) {
    await bar.getByLabel('Seconds to refuse connections').fill('60');
    await bar.getByRole('button', { name: 'Refuse for' }).click();
  },
  async closed(bar) {
    await bar.getByLabel('Close code').fill('1002');
    await bar.getByRole('button', { name: 'Close', exact: true }).click();
  },
};
/** More would not be drawn in time. */
const AT_ONCE = 5;
/** Long enough for a first heartbeat, so that a round trip is shown. */
const SETTLE = 2_500;
/** Long enough for the colours of another theme, in milliseconds: buttons fade into theirs. */
const THEME = 300;
/** Long enough for the new state to be seen everywhere. */
const BROKEN = 1_000;

/** Brings a story into a state; returns whether it has it. */
async function prepare(page, state) {
  await played(page);
  if (state === 'played') return true;
  await page.waitForFunction(() => !document.querySelector('[data-busy]'));
  await page.waitForTimeout(SETTLE);
  if (state === 'open') return true;
  const bar = page.getByRole('region', { name: 'Break the connection' }).first();
  if (!(await bar.isVisible())) return false;
  await BREAKS[state](bar);
  await page.waitForTimeout(BROKEN);
  return true;
}

/** Takes a picture, and returns its name. */
async function shoot(page, id, state, { width, theme }, complain) {
  const name = `${id}-${width}-${theme}-${state}`;
  await page.setViewportSize({ width, height: width < 600 ? 740 : 900 });
  await page.emulateMedia({
    colorScheme: theme === 'dark' ? 'dark' : 'light',
    forcedColors: theme === 'forced' ? 'active' : 'none',
  });
  await page.waitForTimeout(THEME);
  const { overflow, pageHeight } = await page.evaluate(() => {
    const { scrollWidth, clientWidth, scrollHeight } = document.documentElement;
    return { overflow: scrollWidth - clientWidth, pageHeight: scrollHeight };
  });
  if (overflow > 0) complain(`${name}: scrolls sideways by ${overflow} px`);
  // The whole page. What is fixed to the window, as the button of the devtools, is at its end then; their panel would cover half.
  if (!(await page.locator('.ui-above-panel').count()))
    await page.setViewportSize({ width, height: pageHeight });
  await page.screenshot({ path: join(OUT, `${name}.png`) });
  return name;
}

/** Takes all pictures of a story in a state, and returns their names. */
async function shootState(browser, url, { id }, state, complain) {
  const { page, complaints } = await openStory(browser, url, id, 'story', {
    deviceScaleFactor: 2,
    reducedMotion: 'reduce',
  });
  const names = [];
  try {
    if (await prepare(page, state))
      for (const view of VIEWS[state]) names.push(await shoot(page, id, state, view, complain));
  } finally {
    await page.close();
  }
  for (const complaint of complaints) complain(`${id}, ${state}: ${complaint.split('\n')[0]}`);
  return names;
}

/** The pictures as a page, a row for each story; each leads to its picture in full size. */
const contactSheet = (rows) => `<!doctype html>
<meta charset="utf-8" />
<title>Contact sheet</title>
<style>
  body { margin: 24px; background: #777; font: 14px sans-serif }
  div { display: flex; gap: 24px; margin-bottom: 24px }
  a { color: #fff } img { display: block; height: 600px; object-fit: contain; object-position: top }
</style>
${rows
  .map(
    (row) =>
      `<div>${row.map((name) => `<a href="${name}.png"><img src="${name}.png" loading="lazy" alt="" />${name}</a>`).join('')}</div>`,
  )
  .join('\n')}
`;

const found = await findChromium();
if (!found) throw new Error(chromiumHelp);
await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });

const site = await serveSite();
const browser = await chromium.launch({ executablePath: found.path, args: chromiumArgs });
try {
  const words = process.argv.slice(2);
  const stories = site.entries.filter(
    ({ type, tags, id }) =>
      type === 'story' &&
      !tags.includes('live') &&
      (words.length === 0 || words.some((word) => id.includes(word))),
  );
  const rows = stories.map(() => []);
  const complain = (text) => {
    console.error(text);
    process.exitCode = 1;
  };
  const left = stories.flatMap((story, n) =>
    (story.tags.includes('dev') ? ['open', 'refused', 'closed'] : ['played']).map((state) => ({
      story,
      state,
      row: rows[n],
    })),
  );
  const shootNext = async () => {
    for (let next = left.shift(); next; next = left.shift()) {
      const { story, state, row } = next;
      try {
        row.push(...(await shootState(browser, site.url, story, state, complain)));
      } catch (error) {
        complain(`${story.id}, ${state}: ${String(error)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, shootNext));
  await writeFile(join(OUT, 'contact-sheet.html'), contactSheet(rows));
  console.log(
    `${rows.flat().length} pictures of ${rows.length} stories: .shots/contact-sheet.html`,
  );
} finally {
  await browser.close();
  site.close();
}
