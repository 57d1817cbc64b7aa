// Runs `npm start` and checks its pages, its list of stories and an echo of the demo server. It prints how soon the first
// page shows its race.
import { on, once } from 'node:events';
import { WebSocket } from 'ws';
import { chromium } from 'playwright';
import { chromiumArgs, contextOptions, findChromium } from '../tests/support/chromium.mjs';
import { startStorybook } from './start-storybook.mjs';

/** The time limit for everything, in milliseconds. A first start bundles the dependencies. */
const LIMIT = 120_000;

async function get(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answers with ${response.status}.`);
  return response;
}

/** Sends a message to the demo server, and waits for its echo. */
async function echo(url) {
  const socket = new WebSocket(url);
  await once(socket, 'open');
  socket.send('hello');
  for await (const [message] of on(socket, 'message')) if (String(message) === 'hello') break;
  socket.close();
}

/** Runs in the page: looks in each frame, since Playwright looks only twice a second after a while. */
async function secondsToRace() {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const isThere = () =>
    document
      .querySelector('#storybook-preview-iframe')
      ?.contentDocument?.querySelector('[aria-label="The race"]')
      ?.checkVisibility();
  while (!isThere()) await frame();
  const [{ responseStart }] = performance.getEntriesByType('navigation');
  return (performance.now() - responseStart) / 1_000;
}

/** The seconds from the answer to the first page until its race is visible. */
async function raceAfter(browser, url) {
  const page = await browser.newPage(contextOptions);
  await page.goto(url, { waitUntil: 'commit' });
  const seconds = await page.evaluate(secondsToRace);
  await page.close();
  return seconds;
}

/** At the first visit, and at the second: by then Vite has translated the code. */
async function timeFirstPage(url) {
  const found = await findChromium();
  if (!found) return 'a time that only a Chromium can tell';
  const browser = await chromium.launch({ executablePath: found.path, args: chromiumArgs });
  const times = [await raceAfter(browser, url), await raceAfter(browser, url)];
  await browser.close();
  return times.map((time) => `${time.toFixed(1)} s`).join(', then ');
}

const storybook = startStorybook();
const timer = setTimeout(() => {
  console.error(`No answer within ${LIMIT / 1_000} s.`);
  storybook.stop();
  process.exit(1);
}, LIMIT);
try {
  const url = await storybook.url;
  for (const page of ['/index.html', '/iframe.html']) await get(url + page);
  const { entries } = await (await get(`${url}/index.json`)).json();
  const { length } = Object.keys(entries);
  if (!length) throw new Error('Storybook has no story.');
  await echo(`${url.replace('http', 'ws')}/demo`);
  console.log(`The race is visible after ${await timeFirstPage(url)}.`);
  console.log(`${length} stories and pages at ${url}, and the demo server answers.`);
} finally {
  clearTimeout(timer);
  storybook.stop();
}
