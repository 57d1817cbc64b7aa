import type { Connection } from '../../../src/core.ts';
import type { Uploads } from './record.ts';

const CHUNK = 65_536;
const CHUNKS = 192;
const ROUNDS = 3;

/** Sends 12 MiB and a ping, which the server answers once it has everything. Returns the milliseconds until the answer. */
async function upload(
  send: (frame: string | Uint8Array<ArrayBuffer>) => unknown,
  answered: () => Promise<unknown>,
): Promise<number> {
  const from = performance.now();
  const answer = answered();
  for (let n = 0; n < CHUNKS; n++) send(new Uint8Array(CHUNK).fill(n));
  send('ping');
  await answer;
  return performance.now() - from;
}

/** Uploads by turns through a bare socket and through the connection. The server must not echo. */
export async function measureUploads(
  bare: WebSocket,
  { send, on }: Pick<Connection, 'send' | 'on'>,
): Promise<Uploads> {
  const uploads: { bare: number[]; connection: number[] } = { bare: [], connection: [] };
  const bareAnswered = async () =>
    new Promise((resolve) => bare.addEventListener('message', resolve, { once: true }));
  const answered = async () =>
    new Promise<void>((resolve) => {
      const stop = on('message', () => {
        stop();
        resolve();
      });
    });
  for (let round = 0; round < ROUNDS; round++) {
    uploads.bare.push(await upload((frame) => bare.send(frame), bareAnswered));
    uploads.connection.push(await upload(send, answered));
  }
  return uploads;
}
