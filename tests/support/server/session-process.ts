import { type ServerProcess, startProcess } from './redis-process.ts';

/**
 * The script of a server process with sessions. It prints `begun <number> <message>` and `ended <number> <message>` of each message.
 * One that begins with `slow` takes the milliseconds behind it.
 */
const SCRIPT = `
import { createClient } from 'redis';
import { createLifelineServer, redisSessions } from './src/server.ts';

const { url, ...options } = JSON.parse(process.argv[2]);
const server = createLifelineServer({
  port: 0,
  host: '127.0.0.1',
  origins: [null],
  authenticate: (request) => request.url.slice(1),
  sessions: redisSessions(createClient({ url }), options),
});
for (const type of ['listening', 'error'])
  server.on(type, (what) => console.log(type + ' ' + what));
const timeOf = (message) => /^slow (\\d+)/.exec(message)?.[1] ?? 0;
server.on('message', async (client, message, { number }) => {
  console.log('begun ' + number + ' ' + message);
  await new Promise((resolve) => setTimeout(resolve, timeOf(message)));
  console.log('ended ' + number + ' ' + message);
});
server.on('request', async (client, message) => {
  console.log('request ' + message);
  await new Promise((resolve) => setTimeout(resolve, timeOf(message)));
  return 'reply to ' + message;
});
process.on('SIGTERM', () => void server.close());
`;

/** Starts a server process with sessions in this Redis. */
export const startSessionProcess = (options: {
  readonly url: string;
  readonly lease: number;
}): Promise<ServerProcess> => startProcess(SCRIPT, options);
