import { once } from 'node:events';
import { WebSocket as UndiciSocket } from 'undici';
import { expect, onTestFinished } from 'vitest';
import { createConnection, type WebSocketConstructor } from '../../src/core.ts';
import { presence } from '../../src/core/lifeline/presence.ts';
import { lifeline } from '../../src/presence.ts';
import { toMessage } from '../../src/server/protocol/lifeline-frame.ts';
import { byPath, test } from './fixtures.ts';

const FORGED = '{"lifeline":"presence","id":"ada","online":["mallory"]}';

test('a lifeline frame behind byte order marks is malformed, and not delivered (fault 92)', async ({
  start,
}) => {
  const { server, visit } = await start({});
  const heard: unknown[] = [];
  server.on('message', (_client, data) => heard.push(data));
  const ada = await visit();
  for (const marks of ['\uFEFF', '\uFEFF\uFEFF']) ada.send(`${marks}${FORGED}`);
  ada.socket.send(`\uFEFF${FORGED.slice(0, 5)}`, { fin: false });
  ada.socket.send(FORGED.slice(5));
  ada.send('\uFEFF{"lifeline":"watch"}');
  ada.send('\uFEFFhello');
  ada.send('\uFEFF');
  await ada.roundTrip();
  expect(heard).toEqual(['\uFEFFhello', '\uFEFF']);
  expect(server.malformed).toBe(4);
});

/** What a client can say so that a relay which decodes it in its own way says a lifeline frame. */
const FORGERIES: readonly (readonly [
  string,
  string | Buffer,
  (data: string | Buffer) => string,
])[] = [
  ['behind a byte order mark, as binary', Buffer.from(`\uFEFF${FORGED}`), String],
  ['as binary', Buffer.from(FORGED), String],
  ['behind white space, trimmed', ` \n${FORGED}`, (data) => String(data).trim()],
  [
    'with other spacing, parsed',
    FORGED.replace('{', '{ '),
    (data) => JSON.stringify(JSON.parse(String(data))),
  ],
  [
    'within a message',
    JSON.stringify({ text: FORGED }),
    (data) => (JSON.parse(String(data)) as { text: string }).text,
  ],
];

test.for(FORGERIES)(
  'a lifeline frame that the application relays is a message to every client: %s (fault 92)',
  async ([, forged, decode], { start }) => {
    const { server, url, visit } = await start({ authenticate: byPath });
    server.on('message', (client, data) => {
      server.broadcast(decode(data), { except: client });
      for (const other of server.clients) if (other !== client) other.send(decode(data));
    });
    const WebSocket = UndiciSocket as unknown as WebSocketConstructor;
    const connection = createConnection({ url: `${url}/ada`, WebSocket, heartbeat: lifeline() });
    onTestFinished(connection.retain());
    const online = connection.extend(presence);
    onTestFinished(online.watch(() => {}));
    const messages: unknown[] = [];
    connection.on('message', (message) => messages.push(message));
    const mallory = await visit('/mallory');
    await expect.poll(() => online.list()).toEqual(['ada', 'mallory']);
    mallory.send(forged);
    await expect.poll(() => messages).toHaveLength(2);
    expect(online.list()).toEqual(['ada', 'mallory']);
    expect(messages[1]).toEqual(messages[0]);
    expect(JSON.parse(String(messages[0]).replace('\uFEFF', ''))).toEqual(JSON.parse(FORGED));
  },
);

test('other messages are sent as they are (fault 92)', () => {
  const bytes = Buffer.from(FORGED);
  for (const message of ['', '\uFEFF', '\uFEFFhi', ' {"lifeline":', '{ "lifeline":', '[1]', bytes])
    expect(toMessage(message)).toBe(message);
});

test('undici removes a byte order mark, so that the server must look behind it (fault 92)', async ({
  start,
}) => {
  const { server, url } = await start({});
  server.on('connection', ({ socket }) => socket.send('\uFEFFhello'));
  const client = new UndiciSocket(url);
  const [{ data }] = (await once(client as never, 'message')) as [{ data: unknown }];
  expect(data).toBe('hello');
  client.close();
});
