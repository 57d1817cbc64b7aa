import { contextOptions } from '../tests/support/chromium.mjs';

/** What a visitor may have to load before the race runs: megabytes, compressed. */
const WEIGHT = 2;
/** How much of the page may move while it loads and races: the sum of the browser's `layout-shift` scores. */
const SHIFT = 0.05;
/** Long enough to see the end of our part of the race, in milliseconds. */
const RACE = 8_000;

/** Opens the first page of the built site in Storybook's frame, and returns how many megabytes came over the network. */
async function weigh(browser, url, complain) {
  const page = await browser.newPage(contextOptions);
  const network = await page.context().newCDPSession(page);
  let bytes = 0;
  network.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
  page.on('request', (request) => {
    const from = new URL(request.url());
    if (from.protocol.startsWith('http') && from.origin !== new URL(url).origin)
      complain(`loads ${from.href} from another site`);
  });
  await network.send('Network.enable');
  await page.goto(`${url}/`);
  const race = page
    .frameLocator('#storybook-preview-iframe')
    .getByRole('list', { name: 'The race' });
  await race.getByText(/open after/).waitFor();
  await page.waitForLoadState('networkidle');
  await page.close();
  return bytes / 1_000_000;
}

/** The layout shift of the page, from its first picture until our app is open again. */
async function shiftOf(browser, url, width) {
  const page = await browser.newPage({ ...contextOptions, viewport: { width, height: 800 } });
  await page.addInitScript(() => {
    window.shift = 0;
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput } of list.getEntries())
        if (!hadRecentInput) window.shift += value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(`${url}/iframe.html?id=why-react-lifeline--why&viewMode=story`);
  await page.waitForTimeout(RACE);
  const shift = await page.evaluate(() => window.shift);
  await page.close();
  return shift;
}

/** What the first page of the built site costs its visitors; complains of what is above the limits. */
export async function checkFrontPage(browser, url, complain) {
  const weight = await weigh(browser, url, complain);
  console.log(`The first page with its race: ${weight.toFixed(2)} MB, of at most ${WEIGHT}.`);
  if (weight > WEIGHT) complain(`loads ${weight.toFixed(2)} MB`);
  for (const width of [360, 1440]) {
    const shift = await shiftOf(browser, url, width);
    console.log(
      `Its layout shift where ${width} px are: ${shift.toFixed(3)}, of at most ${SHIFT}.`,
    );
    if (shift > SHIFT) complain(`moves by ${shift.toFixed(3)} where ${width} px are`);
  }
}
