// Runs `npm start` and the demo server beside it, kills that while stories are open, and starts it again. Fails if a story
// does not notice it, or is not open again by itself.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright';
import { chromiumArgs, chromiumHelp, findChromium } from '../tests/support/chromium.mjs';
import { openStory, statusesOf } from './open-story.mjs';
import { startStorybook } from './start-storybook.mjs';

const AT_ONCE = 4;
/** Milliseconds: the slowest heartbeat, the longest wait between two attempts, and a busy machine. */
const PATIENCE = 45_000;
/** Milliseconds: Vite translates the code of a story when it is opened for the first time. */
const FIRST_PATIENCE = 120_000;
const DEMO_PORT = 6_106;

/** Waits until the demo server listens. */
async function listens({ stdout }) {
  for await (const line of createInterface(stdout))
    if (line.startsWith('demo server')) return stdout.resume();
  throw new Error('The demo server ended before it listened.');
}

/** Runs the demo server. Resolves when it listens, with the function that kills it. */
async function startDemo() {
  const demo = spawn('npm', ['run', 'server'], {
    detached: true,
    env: { ...process.env, PORT: String(DEMO_PORT) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await listens(demo);
  return async () => {
    // Killed before, or ended by itself.
    if (demo.exitCode !== null || demo.signalCode !== null) return;
    process.kill(-demo.pid, 'SIGKILL');
    await once(demo, 'exit');
  };
}

/** The pages of Storybook, whose sockets to the demo lead to the other process: that in Storybook cannot be killed alone. */
async function serveBoth(storybook) {
  const { hostname, port } = new URL(storybook);
  const front = createServer(({ method, url, headers }, response) => {
    const onward = request({ hostname, port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    onward.end();
  });
  front.on('upgrade', ({ url, rawHeaders }, socket, head) => {
    const to = url.startsWith('/demo') ? connect(DEMO_PORT) : connect(Number(port), hostname);
    const fields = rawHeaders.map((text, n) => (n % 2 ? `${text}\r\n` : `${text}: `)).join('');
    to.write(`GET ${url} HTTP/1.1\r\n${fields}\r\n`);
    to.write(head);
    for (const [one, other] of [
      [socket, to],
      [to, socket],
    ]) {
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  await once(front.listen(0, '127.0.0.1'), 'listening');
  return { url: `http://127.0.0.1:${front.address().port}`, close: () => front.close() };
}

/** Waits until the statuses of a page pass a test; returns whether they do. */
async function comesTrue(page, isTrue, timeout = PATIENCE) {
  for (const end = Date.now() + timeout; Date.now() < end; await page.waitForTimeout(100)) {
    const statuses = await statusesOf(page);
    if (statuses.length > 0 && statuses.every(isTrue)) return true;
  }
  return false;
}
const isOpen = (page, timeout) => comesTrue(page, (status) => status === 'open', timeout);
const isLost = (page) => comesTrue(page, (status) => status !== 'open');

const found = await findChromium();
if (!found) throw new Error(chromiumHelp);
const storybook = startStorybook();
const front = await serveBoth(await storybook.url);
let kill = async () => {};
let browser;
try {
  kill = await startDemo();
  browser = await chromium.launch({ executablePath: found.path, args: chromiumArgs });
  const { entries } = await (await fetch(`${front.url}/index.json`)).json();
  const stories = Object.values(entries).filter(
    // A race has no connection of its own.
    ({ type, tags }) => type === 'story' && tags.includes('dev') && !tags.includes('recorded'),
  );
  while (stories.length > 0) {
    const batch = await Promise.all(
      stories.splice(0, AT_ONCE).map(async ({ id, title }) => {
        const { page } = await openStory(browser, front.url, id, 'story');
        return { title, page, wasOpen: await isOpen(page, FIRST_PATIENCE) };
      }),
    );
    await kill();
    const lost = await Promise.all(batch.map(({ page }) => isLost(page)));
    kill = await startDemo();
    await Promise.all(
      batch.map(async ({ title, page, wasOpen }, n) => {
        const isBack = await isOpen(page);
        const fault =
          (!wasOpen && 'does not open') ||
          (!lost[n] && 'does not notice that the server is killed') ||
          (!isBack && 'is not open again');
        console.log(`${fault ? '✗' : '✓'} ${title}${fault ? ` ${fault}` : ''}`);
        if (fault) process.exitCode = 1;
        await page.close();
      }),
    );
  }
} finally {
  await browser?.close();
  await kill();
  front.close();
  storybook.stop();
}
