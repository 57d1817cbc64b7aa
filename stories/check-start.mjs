// Runs `npm start` and checks its pages, its list of stories and an echo of the demo server.
import { spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';

/** The time limit for everything, in milliseconds. A first start bundles the dependencies. */
const LIMIT = 120_000;

/** The address that Storybook prints. It uses the next port if its own is in use. */
async function addressOf({ stdout }) {
  for await (const line of createInterface(stdout)) {
    const [url] = /http:\/\/[\w.]+:\d+/.exec(line) ?? [];
    if (!url) continue;
    stdout.resume();
    return url;
  }
  throw new Error('Storybook ended before it was ready.');
}

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

// A process group, so that what npm starts ends with it.
const storybook = spawn('npm', ['start'], {
  detached: true,
  stdio: ['ignore', 'pipe', 'inherit'],
});
const timer = setTimeout(() => {
  console.error(`No answer within ${LIMIT / 1_000} s.`);
  process.kill(-storybook.pid);
  process.exit(1);
}, LIMIT);
try {
  const url = await addressOf(storybook);
  for (const page of ['/index.html', '/iframe.html']) await get(url + page);
  const { entries } = await (await get(`${url}/index.json`)).json();
  const { length } = Object.keys(entries);
  if (!length) throw new Error('Storybook has no story.');
  await echo(`${url.replace('http', 'ws')}/demo`);
  console.log(`${length} stories and pages at ${url}, and the demo server answers.`);
} finally {
  clearTimeout(timer);
  process.kill(-storybook.pid);
}
