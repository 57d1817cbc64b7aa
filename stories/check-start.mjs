// Runs `npm start` and checks its pages, its list of stories and an echo of the demo server.
import { on, once } from 'node:events';
import { WebSocket } from 'ws';
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
  console.log(`${length} stories and pages at ${url}, and the demo server answers.`);
} finally {
  clearTimeout(timer);
  storybook.stop();
}
