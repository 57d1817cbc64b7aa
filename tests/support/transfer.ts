import { MessageChannel } from 'node:worker_threads';

/** Hands a buffer over to another thread, after which it is empty here. */
export function transfer(buffer: ArrayBuffer): void {
  const { port1 } = new MessageChannel();
  port1.postMessage(null, [buffer]);
  port1.close();
}
