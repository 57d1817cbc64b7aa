// Opens each story of `npm start`, counts its frames for some seconds, and prints them beside those of an empty page in
// the same run, since whatever else the machine does takes frames from both. Each control for a rate is at its highest
// value. Fails if a story has too few frames. Parts of ids choose stories: `npm run check:fps -- topics live-data`.
import { loadavg } from 'node:os';
import { pathToFileURL } from 'node:url';
import { bundleFiles } from '../tests/support/bundle.mjs';
import { startStorybook } from './start-storybook.mjs';

/** The share of the frames of an empty page that a story needs: 55 of 60. */
const LEAST = 55 / 60;
/** Milliseconds in which frames are counted. */
const SPAN = 5_000;
/** Milliseconds until a story has its first prices, and has no more code to load. */
const SETTLE = 3_000;
/** Milliseconds: Vite translates the code of a story when it is opened for the first time. */
const PATIENCE = 60_000;
/** The highest setting of a story, as Storybook wants it in the address. A story without this control ignores it. */
const HIGHEST = 'perSecond:10000';

// These run in the page.
async function countFrames(span) {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const start = await frame();
  let now = start;
  let frames = 0;
  for (; now - start < span; frames++) now = await frame();
  return (frames / (now - start)) * 1_000;
}
const hasTitle = () => document.querySelector('main h1') !== null;

const wait = (time) => new Promise((resolve) => setTimeout(resolve, time));

/** Opens pages one at a time. Playwright would have each message of a WebSocket told to it: half a core at 5,000 a second. */
async function openBrowser() {
  const files = await bundleFiles('check-fps', ['tests/support/chromium/devtools.ts']);
  const { startChromium } = await import(pathToFileURL(`${files}/devtools.mjs`).href);
  const { ask, stops } = await startChromium(['--window-size=1440,900']);

  async function open(url) {
    const { targetId } = await ask('Target.createTarget', { url, newWindow: true });
    const { sessionId } = await ask('Target.attachToTarget', { targetId, flatten: true });
    return {
      async run(code, ...args) {
        const { result, exceptionDetails } = await ask(
          'Runtime.evaluate',
          {
            expression: `(${code})(${args.map((arg) => JSON.stringify(arg)).join()})`,
            awaitPromise: true,
            returnByValue: true,
          },
          sessionId,
        );
        if (exceptionDetails) throw new Error(exceptionDetails.exception.description);
        return result.value;
      },
      close: () => ask('Target.closeTarget', { targetId }),
    };
  }
  return { open, stops };
}

/** Counts the frames of a page. */
async function framesOf(browser, url, getsReady) {
  const page = await browser.open(url);
  await getsReady?.(page);
  const frames = await page.run(countFrames, SPAN);
  await page.close();
  return frames;
}

async function waitForStory(page) {
  for (const end = Date.now() + PATIENCE; !(await page.run(hasTitle)); await wait(100))
    if (Date.now() > end) throw new Error(`No story within ${PATIENCE / 1_000} s.`);
  await wait(SETTLE);
}

const chosen = process.argv.slice(2);
const storybook = startStorybook();
let browser;
try {
  const url = await storybook.url;
  browser = await openBrowser();
  const { entries } = await (await fetch(`${url}/index.json`)).json();
  const stories = Object.values(entries).filter(
    ({ id, type, tags }) =>
      type === 'story' &&
      tags.includes('dev') &&
      (chosen.length === 0 || chosen.some((part) => id.includes(part))),
  );
  for (const { id, title } of stories) {
    const most = await framesOf(browser, 'about:blank');
    const address = `${url}/iframe.html?id=${id}&viewMode=story&args=${HIGHEST}`;
    const frames = await framesOf(browser, address, waitForStory);
    const isFast = frames / most >= LEAST;
    if (!isFast) process.exitCode = 1;
    console.log(
      `${isFast ? '✓' : '✗'} ${title}: ${frames.toFixed(1)} frames a second; an empty page ${most.toFixed(1)}; load ${loadavg()[0].toFixed(1)}`,
    );
  }
} finally {
  await browser?.stops();
  storybook.stop();
}
