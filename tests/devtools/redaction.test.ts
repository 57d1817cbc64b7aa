import { expect, onTestFinished, test } from 'vitest';
import { createConnection } from '../../src/core.ts';
import { describeFrame } from '../../src/devtools/recorder/bytes.ts';
import { recordings } from '../../src/devtools/recorder/recordings.ts';
import { createRedaction, redactUrl, redactUrls } from '../../src/devtools/recorder/redaction.ts';
import type { Entry, Recording } from '../../src/devtools/recorder/types.ts';
import { createTestServer } from '../../src/testing.ts';
import { takeReports } from '../support/reports.ts';
import { codec, setup } from './open-connection.ts';

/** Names fields until the test ends. */
const redact = (...fields: string[]) => onTestFinished(recordings().redact(fields));

/** All that a recording tells. */
const tellAll = (recording: Recording) =>
  JSON.stringify(recording.entries().map(plain)) +
  JSON.stringify(recording.topics()) +
  recording.export();

const plain = (entry: Entry) =>
  entry.type === 'frame'
    ? [describeFrame(entry.data), entry.decoded, entry.error]
    : [entry.type === 'message' && entry.message, entry.type === 'error' && entry.message];

test('hides queries of urls, handshakes and the named fields, also in an export', async () => {
  redact('token');
  const { server, connection, recording, of } = await setup({
    url: 'wss://user:pass@server.test/live?token=s3cret&room=7',
    handshake: ({ send }) => send({ login: 's3cret' }),
  });
  connection.send({ token: 's3cret', a: [{ token: 's3cret' }] });
  server.send({ token: 's3cret', n: 1 });
  expect(recording.name).toBe('wss://server.test/live?token=…&room=…');
  expect(of('frame').map(({ data }) => data)).toEqual([
    '[redacted]',
    '{"token":"[redacted]","a":[{"token":"[redacted]"}]}',
    '{"token":"[redacted]","n":1}',
  ]);
  expect(of('frame')[2]?.decoded).toEqual({ token: '[redacted]', n: 1 });
  expect(recording.export()).not.toContain('s3cret');
  expect(recording.export({ redact: false })).toContain('s3cret');
});

test('hides a text with one of the fields that is no JSON, and what is JSON in several lines', async () => {
  redact('token');
  const { server, recording, of } = await setup({ onError: () => {} });
  const client = await server.connected();
  client.sendFrame('{"token":\n"s3cret", oops');
  client.sendFrame('{\n  "token": "s3cret"\n}');
  client.sendFrame('{"lifeline":"topic","topic":"a"}\n{\n  "token": "s3cret"\n}');
  expect(of('frame').map(({ data }) => data)).toEqual([
    '[redacted]',
    '{"token":"[redacted]"}',
    '{"lifeline":"topic","topic":"a"}\n{"token":"[redacted]"}',
  ]);
  // That of JSON.parse() quotes some letters.
  client.sendFrame('oops, "token": s3cret');
  const texts = [
    ...of('frame').map(({ error }) => error),
    ...of('error').map(({ message }) => message),
  ];
  expect(texts.at(-1)).toMatch(/ \[redacted\].* is not valid JSON$/);
  expect(texts.join()).not.toContain('s3cret');
  expect(recording.export()).not.toContain('s3cret');
});

test('hides what the server says in a handshake, too', async () => {
  const server = createTestServer({
    codec,
    onMessage: (_, client) => client.send({ session: 's3cret' }),
  });
  const connection = createConnection({
    ...server.options,
    codec,
    async handshake({ send, receive }) {
      send({ login: 'ada' });
      await receive();
    },
  });
  connection.open();
  await server.connected();
  const text = recordings().list().at(-1)?.export();
  expect(text).toContain('"way":"in","kind":"handshake"');
  expect(text).not.toMatch(/s3cret|ada/);
});

test('hides the named fields where no codec is given: in messages, the outbox and topics', async () => {
  redact('token');
  const server = createTestServer();
  const connection = createConnection({ ...server.options, topics: { of: () => 'all' } });
  connection.onTopic('all', () => {});
  connection.send('{"token":"s3cret"}');
  connection.open();
  await server.connected();
  server.send('{"token":"s3cret"}');
  const recording = recordings().list().at(-1) as Recording;
  expect(recording.topics()[0]?.last).toBe('{"token":"[redacted]"}');
  expect(tellAll(recording)).not.toContain('s3cret');
});

test.for([
  ['in JSON with escaped letters', String.raw`{"\u0074oken":"s3cret"}`],
  ['in JSON with an escaped slash', String.raw`{"a\/b":"s3cret"}`],
  ['in JSON with an escaped quote', String.raw`{"a\"b":"s3cret"}`],
  ['in JSON inside of a field', JSON.stringify({ body: JSON.stringify({ token: 's3cret' }) })],
  ['in a form', 'user=ada&token=s3cret'],
  ['in headers', 'CONNECT\ntoken:s3cret\n\n'],
  ['in JSON that is cut', '{"a":1,"token":"s3cr'],
])('hides a named field %s', async ([, text]) => {
  redact('token', 'a/b', 'a"b');
  const server = createTestServer();
  const connection = createConnection(server.options);
  connection.open();
  await server.connected();
  server.send(text as string);
  connection.send(text as string);
  const recording = recordings().list().at(-1) as Recording;
  expect(tellAll(recording)).toContain('[redacted]');
  expect(tellAll(recording)).not.toContain('s3cr');
});

test('leaves a text as it is that only begins like a name, or has the name as a value', async () => {
  redact('pin');
  const { server, of } = await setup({ onError: () => {} });
  const client = await server.connected();
  client.sendFrame('ping');
  client.sendFrame('{ "field": "pin" }');
  expect(of('frame').map(({ data }) => data)).toEqual(['ping', '{ "field": "pin" }']);
});

test('a message without one of the fields stays the same object, also with NaN in it', () => {
  const message = { price: Number.NaN, at: new Date(0), list: [1, null] };
  expect(createRedaction(['token']).value(message)).toBe(message);
});

test('hides fields of what JSON makes of other objects', async () => {
  redact('token');
  class Login {
    readonly user = 'ada';
    readonly token = 's3cret';
  }
  const dated = { at: new Date(0), toJSON: () => ({ token: 's3cret' }) };
  const text = { toJSON: () => '{"token":"s3cret"}' };
  const decode = () => [new Login(), dated, text, new Date(0)];
  const server = createTestServer();
  const connection = createConnection({ ...server.options, codec: { encode: String, decode } });
  connection.open();
  (await server.connected()).sendFrame('bytes');
  const [frame] = (recordings().list().at(-1) as Recording).entries().slice(-1);
  expect(frame).toMatchObject({
    decoded: [
      { user: 'ada', token: '[redacted]' },
      { token: '[redacted]' },
      '{"token":"[redacted]"}',
      new Date(0),
    ],
  });
});

test('shows nothing of a message that cannot be searched', async () => {
  redact('token');
  const thrower = {
    get token() {
      throw new Error('s3cret');
    },
  };
  let deep: unknown = { token: 's3cret' };
  for (let n = 0; n < 100_000; n++) deep = [deep];
  const codecOf = (message: unknown) => ({ encode: String, decode: () => message });
  for (const message of [thrower, deep]) {
    const server = createTestServer();
    const connection = createConnection({ ...server.options, codec: codecOf(message) });
    connection.open();
    // oxlint-disable-next-line no-await-in-loop -- one connection after the other
    (await server.connected()).sendFrame('bytes');
    const [frame] = (recordings().list().at(-1) as Recording).entries().slice(-1);
    expect(frame).toMatchObject({ decoded: '[redacted]' });
  }
});

test('shows no bytes where fields are named: a message may keep them where they cannot be searched', async () => {
  redact('token');
  const server = createTestServer();
  const encode = () => new Uint8Array(2);
  const decode = () => new Map([['token', 's3cret']]);
  const connection = createConnection<unknown, unknown>({
    ...server.options,
    codec: { encode, decode },
  });
  connection.open();
  const client = await server.connected();
  client.sendFrame(new TextEncoder().encode('{"token":"s3cret"}').buffer);
  connection.send({ n: 1, body: new TextEncoder().encode('s3cret') });
  const recording = recordings().list().at(-1) as Recording;
  const frames = recording.entries().flatMap((entry) => (entry.type === 'frame' ? [entry] : []));
  expect(frames.map(({ data }) => data)).toEqual(['[redacted]', '[redacted]']);
  expect(recording.export()).not.toContain('base64');
  expect(recording.export({ redact: false })).toContain(`"base64":"${btoa('{"token":"s3cret"}')}"`);
});

test('shows no bytes where fields are named, as messages either', async () => {
  redact('token');
  const server = createTestServer();
  const connection = createConnection(server.options);
  connection.open();
  (await server.connected()).sendFrame(new ArrayBuffer(4));
  const recording = recordings().list().at(-1) as Recording;
  expect(recording.entries().at(-1)).toMatchObject({ decoded: '[redacted]' });
});

test('hides what any panel of the page names, until that panel goes', async () => {
  redact('token');
  const takeBack = recordings().redact(['pin']);
  const { server, of } = await setup();
  server.send({ token: 's3cret', pin: 1234 });
  expect(of('frame')[0]?.decoded).toEqual({ token: '[redacted]', pin: '[redacted]' });
  takeBack();
  expect(of('frame')[0]?.decoded).toEqual({ token: '[redacted]', pin: 1234 });
});

test.for([
  ['wss://h.test/live?s3cret', 'wss://h.test/live?…'],
  ['wss://h.test/live?s3cret==', 'wss://h.test/live?…'],
  ['wss://h.test/live?a=s3cret==&b=&c=1#s3cret', 'wss://h.test/live?a=…&…&c=…'],
  ['wss://s3cret@h.test/live', 'wss://h.test/live'],
])('shows %s as %s', ([url, shown]) => {
  expect(redactUrl(url as string)).toBe(shown);
});

test('hides the query of a url in an error of the app', async () => {
  const server = createTestServer();
  const url = () => {
    throw new Error('401 from https://ada:s3cret@auth.test/ticket?key=s3cret, try again');
  };
  createConnection({ ...server.options, url, reconnect: false }).open();
  await server.advance(0);
  takeReports();
  const recording = recordings().list().at(-1) as Recording;
  expect(tellAll(recording)).toContain('401 from https://auth.test/ticket?key=…');
  expect(tellAll(recording)).not.toContain('s3cret');
});

test('hides the query of a url in an error about a frame: of the topics, and of the codec', async () => {
  const server = createTestServer({ codec });
  const fail = (): never => {
    throw new Error('404 from https://schemas.test/a?key=s3cret');
  };
  const open = async (options: object) => {
    const connection = createConnection({ ...server.options, onError: () => {}, ...options });
    connection.onTopic('a', () => {});
    connection.open();
    (await server.connected()).sendFrame('{"n":1}');
    return tellAll(recordings().list().at(-1) as Recording);
  };
  for (const options of [
    { topics: { of: fail } },
    { topics: { of: String }, codec: { encode: String, decode: fail } },
  ]) {
    // oxlint-disable-next-line no-await-in-loop -- one connection after the other
    const told = await open(options);
    expect(told).toContain('404 from https://schemas.test/a?key=…');
    expect(told).not.toContain('s3cret');
  }
  takeReports();
});

test('finds the urls of a long text in time that grows with its length', () => {
  const words = 'a.'.repeat(200_000);
  expect(redactUrls(`${words} wss://h.test/?k=s3cret`)).toBe(`${words} wss://h.test/?k=…`);
});
