// Runs `npm start` and asks it for its pages, its list of stories and an echo of the demo server.
import { spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';

/** Time for all of it, in milliseconds. A first start bundles the dependencies. */
const LIMIT = 120_000;

/** Where Storybook says that it is: on the next port, if its own is taken. */
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
  if (!response.ok) throw new Error(`${url} is answered with ${response.status}.`);
  return response;
}

/** Sends the demo server a message, and waits until it comes back. */
async function echo(url) {
  const socket = new WebSocket(url);
  await once(socket, 'open');
  socket.send('anybody there?');
  for await (const [said] of on(socket, 'message')) if (String(said) === 'anybody there?') break;
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
