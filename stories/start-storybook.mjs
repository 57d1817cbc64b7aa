import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

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

/** Runs `npm start`. `url` resolves when it answers. */
export function startStorybook() {
  // A process group, so that what npm starts ends with it.
  const storybook = spawn('npm', ['start'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { url: addressOf(storybook), stop: () => process.kill(-storybook.pid) };
}
