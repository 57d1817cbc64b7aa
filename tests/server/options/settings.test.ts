import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import {
  createLifelineServer,
  memoryHistory,
  memoryPresence,
  memorySessions,
  type ServerOptions,
} from '../../../src/server.ts';
import { resolveOptions } from '../../../src/server/options/settings.ts';

const nonPeriods = [0, -1, Number.NaN, Infinity, 2 ** 31, '10', null, {}];
const nonCounts = [0, -1, 1.5, Number.NaN, '10', null];
const nonFunctions = [null, 1, 'x', {}, true];
const nonRates = [
  null,
  true,
  100,
  {},
  { perSecond: 10 },
  { perSecond: 0, burst: 1 },
  { perSecond: 1, burst: 0.5 },
  { perSecond: '1', burst: 1 },
  { perSecond: Infinity, burst: 1 },
  { perSecond: 1, burst: Number.NaN },
  [1, 1],
  () => ({ perSecond: 1, burst: 1 }),
];

const WRONG: Record<keyof ServerOptions, readonly unknown[]> = {
  port: [-1, 65_536, 1.5, '8080', null],
  host: [7, null, '', {}, ['::']],
  server: [
    null,
    {},
    'http',
    new EventEmitter(),
    new WebSocketServer({ noServer: true }),
    createServer,
  ],
  path: ['live', '/live?room=1', '/live#top', 7, {}],
  origins: [
    'https://a.example',
    ['https://a.example/'],
    ['a.example'],
    ['*'],
    ['https://*.example'],
    ['https://a.example:99999'],
    [['https://a.example']],
    [/a/],
    new Set(['https://a.example']),
    [undefined],
    null,
    {},
  ],
  authenticate: nonFunctions,
  authenticateTimeout: nonPeriods,
  protocols: ['chat', ['two words'], [''], [7], [null], [['chat']], null, {}, new Set(['chat'])],
  compression: [null, 1, 'yes', {}],
  maxPayload: [...nonCounts, Infinity, 2 ** 31],
  maxConnections: nonCounts,
  maxConnectionsPerIdentity: nonCounts,
  rate: nonRates,
  codec: [null, 'json', {}, [], { encode() {} }, { decode() {} }, () => ({})],
  invalidRate: nonRates,
  pingInterval: nonPeriods,
  timeout: nonPeriods,
  visible: nonFunctions,
  describe: nonFunctions,
  presence: [
    null,
    'memory',
    true,
    {},
    memoryPresence,
    { ...memoryPresence(), lastSeen: 7 },
    { ...memoryPresence(), topics: {} },
    { ...memoryPresence(), topics: null },
    [memoryPresence()],
  ],
  sessions: [null, 'memory', {}, memorySessions],
  history: [null, 'memory', {}, memoryHistory],
  handlerTimeout: nonPeriods,
  broadcasts: [null, 'redis', true, {}, [], { start() {}, stop() {} }],
};

describe('a wrong option throws a TypeError that names it and says what it must be', () => {
  test.each(Object.entries(WRONG))('%s', (name, values) => {
    for (const value of values) {
      const make = () => createLifelineServer({ [name]: value });
      expect(make).toThrow(TypeError);
      expect(make).toThrow(new RegExp(`^${name} must be .*, not .*\\.$`));
    }
  });

  test('also for two options that exclude each other', () => {
    const server = createServer();
    expect(() => resolveOptions({ port: 0, server })).toThrow(
      /^port and server cannot be used together/,
    );
    expect(() => resolveOptions({ timeout: 25_000 })).toThrow(/^timeout must be longer/);
  });

  test('also for an unknown option, with the names of all options', () => {
    const misspelt = { port: 0, maxConections: 10 } as ServerOptions;
    expect(() => createLifelineServer(misspelt)).toThrow(TypeError);
    expect(() => resolveOptions(misspelt)).toThrow(
      /^maxConections is not an option of a server: did you mean maxConnections\? The options are port, .* broadcasts\.$/,
    );
    for (const name of ['toString', '__proto__'])
      expect(() => resolveOptions(JSON.parse(`{"${name}":1}`) as ServerOptions)).toThrow(
        `${name} is not an option`,
      );
    // What is undefined, inherited or hidden is not given.
    expect(() => resolveOptions({ extra: undefined } as ServerOptions)).not.toThrow();
    expect(() => resolveOptions(Object.create({ extra: 1 }) as ServerOptions)).not.toThrow();
  });

  test.each(['rate', 'invalidRate'])('also for an unknown name inside %s', (name) => {
    const make = (rate: object) => () => createLifelineServer({ [name]: rate });
    expect(make({ perSecond: 1, brust: 5 })).toThrow(
      `brust is not an option of ${name}: did you mean burst? The options are perSecond, burst.`,
    );
    expect(make({ perSecond: 1, burst: 5, per: undefined })).not.toThrow();
  });

  test('also for options that are a list, and for those of memoryPresence(), broadcast() and close()', async () => {
    const server = createLifelineServer();
    const functions: [name: string, known: string, call: (options: never) => unknown][] = [
      ['a server', 'path', createLifelineServer],
      ['memoryPresence()', 'grace', memoryPresence],
      ['broadcast()', 'topic', (options) => server.broadcast('to a few', options)],
      ['close()', 'drain', (options) => server.close(options)],
    ];
    for (const [name, known, call] of functions) {
      const failure = async (options: unknown) => {
        try {
          await call(options as never);
        } catch (error) {
          return String(error);
        }
        return null;
      };
      for (const options of [null, 7, 'topic', [], [{}]])
        // oxlint-disable-next-line no-await-in-loop -- one after another
        expect(await failure(options)).toMatch(/^TypeError: The options must be an object, not /);
      const misspelt = `${known.slice(0, -1)}k`;
      // oxlint-disable-next-line no-await-in-loop -- one after another
      expect(await failure({ [misspelt]: 5 })).toMatch(
        `TypeError: ${misspelt} is not an option of ${name}: did you mean ${known}? The options are `,
      );
    }
    for (const id of [undefined, null, 7, {}])
      expect(() => server.disconnect(id as never)).toThrow(
        /^disconnect\(\) takes the id of an identity, not /,
      );
    for (const grace of [-1, Number.NaN, '5', null, {}])
      expect(() => memoryPresence({ grace } as never)).toThrow(
        /^grace must be a number from 0 to /,
      );
    await server.close({ drain: undefined });
  });

  test('also for options that are no object', () => {
    expect(() => createLifelineServer(8080 as ServerOptions)).toThrow(
      /^The options must be an object, not 8080\.$/,
    );
    expect(() => createLifelineServer(null as unknown as ServerOptions)).toThrow(/not null\.$/);
  });

  test('the error does not contain the value', () =>
    expect(() => resolveOptions({ authenticate: 'secret' as never })).toThrow(
      /^authenticate must be a function, not a string\.$/,
    ));
});

test('a wrong value is named by its kind, and shown where it is no secret (fault 94)', () => {
  const cases: [options: object, message: string][] = [
    [{ port: '8080' }, 'port must be a port number, from 0 to 65535, not "8080".'],
    [{ maxConnections: '10' }, 'not a string.'],
    [{ maxConnections: 0.5 }, 'not 0.5.'],
    [{ authenticate: true }, 'not true.'],
    [{ presence: [] }, 'not a list.'],
    [{ visible: {} }, 'not an object.'],
    [{ rate: () => 1 }, 'not a function.'],
    [{ path: 'live' }, 'not "live".'],
    [
      { origins: ['https://a.example/', null] },
      'without a path or a slash at the end, not ["https://a.example/", null].',
    ],
    [{ origins: 'same-host' }, 'not "same-host".'],
  ];
  for (const [options, message] of cases) {
    expect(() => createLifelineServer(options)).toThrow(message);
  }
  expect(() => createLifelineServer({ path: 'x'.repeat(10_000) })).toThrow(/^.{100,200}$/);
});

test('a server without options works with handleUpgrade()', async () => {
  const server = createLifelineServer();
  expect(server.clients.size).toBe(0);
  await server.close();
});

test('undefined means the default of every option', () => {
  for (const name of Object.keys(WRONG))
    expect(() => resolveOptions({ [name]: undefined })).not.toThrow();
  expect(resolveOptions({ rate: undefined, timeout: undefined })).toMatchObject({
    rate: { perSecond: 100, burst: 2_000 },
    timeout: 60_000,
  });
});

test('the smallest and largest allowed values are accepted', () => {
  const edges: ServerOptions = {
    port: 0,
    path: '/',
    origins: [],
    authenticateTimeout: 0.1,
    maxPayload: 1,
    maxConnections: Infinity,
    maxConnectionsPerIdentity: 1,
    rate: { perSecond: 0.01, burst: 1 },
    pingInterval: 2 ** 31 - 2,
    timeout: 2 ** 31 - 1,
  };
  expect(resolveOptions(edges)).toMatchObject(edges);
  expect(
    resolveOptions({ rate: false, origins: [null, 'null', 'https://a.example:8443'] }).rate,
  ).toBe(false);
});
