// Runs the race and the flood of the first page in `npm start`, and writes what happens to stories/front-page/record.json,
// for a site without a server. It takes two minutes, and wants the machine for itself.
import { writeFile } from 'node:fs/promises';
import { chromium } from 'playwright';
import {
  chromiumArgs,
  chromiumHelp,
  contextOptions,
  findChromium,
} from '../tests/support/chromium.mjs';
import { startStorybook } from './start-storybook.mjs';

const FILE = new URL('./front-page/record.json', import.meta.url);
/** Longer than the whole race, in milliseconds. */
const LIMIT = 120_000;

/** Collects the actions of a page from now on: a list for each name. */
const collect = (page) =>
  page.evaluate(() => {
    window.collected = { race: [], flood: [] };
    const { __STORYBOOK_ADDONS_CHANNEL__: channel } = window;
    channel.on('storybook/actions/action-event', ({ data }) =>
      window.collected[data.name]?.push(data.args),
    );
  });

const has = (page, name, type) =>
  page.waitForFunction(
    ([list, last]) => window.collected[list].some((event) => !last || event.type === last),
    [name, type],
    { timeout: LIMIT, polling: 500 },
  );

/** Only what changes a screen, as lists, with the times since the first event. */
function inShort(events) {
  const [first] = events;
  const shown = new Map();
  return events.flatMap(({ type, at, racer, status, price }) => {
    const look = `${status} ${price}`;
    if (racer && shown.get(racer) === look) return [];
    shown.set(racer, look);
    const time = Math.round(at - first.at);
    return [
      racer ? [time, racer, status, price].filter((part) => part !== undefined) : [time, type],
    ];
  });
}

/** One event in a line. */
function asText(head, events) {
  const lines = events.map(
    (event) => `    [${event.map((part) => JSON.stringify(part)).join(', ')}]`,
  );
  const text = JSON.stringify({ ...head, events: [] }, null, 2);
  return `${text.replace('"events": []', `"events": [\n${lines.join(',\n')}\n  ]`)}\n`;
}

const found = await findChromium();
if (!found) throw new Error(chromiumHelp);
const storybook = startStorybook();
const browser = await chromium.launch({ executablePath: found.path, args: chromiumArgs });
try {
  const page = await browser.newPage({
    ...contextOptions,
    viewport: { width: 1440, height: 900 },
  });
  await page.goto(`${await storybook.url}/iframe.html?id=why-react-lifeline--why&viewMode=story`);
  await page.getByRole('heading', { name: 'Cut the cable' }).waitFor({ timeout: LIMIT });
  await collect(page);
  await has(page, 'flood');
  // The first race began before anybody listened, and goes on until the click.
  await page.evaluate(() => (window.collected.race = []));
  await page.getByRole('button', { name: 'Cut it again' }).click();
  await has(page, 'race', 'over');
  const { race, flood } = await page.evaluate(() => window.collected);
  const head = {
    date: new Intl.DateTimeFormat('en-GB', { dateStyle: 'long' }).format(new Date()),
    browser: `Chromium ${browser.version().split('.')[0]}`,
    flood: flood.at(-1),
  };
  const events = inShort(race.slice(race.findIndex(({ status }) => status === 'Connecting')));
  await writeFile(FILE, asText(head, events));
  console.log(`${events.length} events are written.`, head.flood);
} finally {
  await browser.close();
  storybook.stop();
}
