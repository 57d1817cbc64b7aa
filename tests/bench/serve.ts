// Helpers for the server's part of scenarios. Pages bundle them as well, so they import nothing from Node.
import type { WebSocket } from 'ws';

/** After so many messages, the server lets other tasks run. */
const BATCH = 500;

export const delay = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

const turn = () =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

const sent = (socket: WebSocket, text: string) =>
  new Promise<void>((resolve) => {
    socket.send(text, () => resolve());
  });

/** Sends texts as fast as possible. */
export async function flood(socket: WebSocket, texts: readonly string[]): Promise<void> {
  for (const [n, text] of texts.entries()) {
    if (n === texts.length - 1) await sent(socket, text);
    else socket.send(text);
    if (n % BATCH === BATCH - 1) await turn();
  }
}

/** Sends `rate` texts a second. */
export async function stream(
  socket: WebSocket,
  texts: readonly string[],
  rate: number,
): Promise<void> {
  const start = performance.now();
  for (let n = 0; n < texts.length;) {
    await delay(5);
    const due = Math.min(texts.length, ((performance.now() - start) * rate) / 1_000);
    for (; n < due; n++) socket.send(texts[n] ?? '');
  }
}
