import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { promisify } from 'node:util';

/**
 * The ports that tests take: a system gives none of them to who asks for any port (Linux begins at 32,768). So a port whose server
 * is closed for a while is not given to another test, whose server would get the clients of this one.
 */
const FIRST_PORT = 20_000;
const BLOCK = 400;
const BLOCKS = 30;

/** Listens on a port. @returns False if it is in use. */
export async function takes(server: Server, port: number): Promise<boolean> {
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return false;
  }
}

/** Takes a block of ports for this process, and returns the first one, which stays in use for as long as the process lives. */
async function takeBlock(): Promise<number> {
  for (let n = 0; n < BLOCKS; n++) {
    const port = FIRST_PORT + ((process.pid + n) % BLOCKS) * BLOCK;
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    if (await takes(createServer().unref(), port)) return port;
  }
  throw new Error('All ports for tests are in use.');
}

let block: Promise<number> | undefined;
let next = 0;

/** Listens on a port of this process, and returns its number. */
export async function listenOnOwnPort(server: Server): Promise<number> {
  const first = await (block ??= takeBlock());
  for (let tried = 1; tried < BLOCK; tried++) {
    const port = first + 1 + (next++ % (BLOCK - 1));
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    if (await takes(server, port)) return port;
  }
  throw new Error('All ports of this process are in use.');
}

/** Returns a port of this process that nobody uses. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  const port = await listenOnOwnPort(probe);
  await promisify(probe.close.bind(probe))();
  return port;
}
