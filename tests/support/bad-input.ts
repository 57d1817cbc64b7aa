import type { ConnectionOptions } from '../../src/core.ts';
import { withOption, WRONG } from './wrong-options.ts';

/** What becomes of a connection that was made with bad input. */
export type End = 'TypeError' | 'closed' | 'retried' | 'idle';

/** Options with which no connection opens, and what becomes of it with `ws`. */
interface BadInput {
  readonly name: string;
  readonly options: ConnectionOptions;
  readonly end: End;
}

const words = (text: string) => text.trim().split(/\s+/);

/** An address with no server. Nothing in this file may leave the machine. */
const NOWHERE = 'ws://127.0.0.1:1';

const BLANKS = ['', ' ', '\0', ` ${NOWHERE}/#fragment`];
const LONG = ['x'.repeat(100_000), `ws://[${'x'.repeat(100_000)}`];

/** Texts that are no absolute WebSocket url. */
const REFUSED_URLS = [
  ...words('/ // ? # . .. - * live /live undefined null NaN [object 127.0.0.1:1 localhost 🚀'),
  ...words('ws: wss: http: :// ws:// wss:// http:// https:// ws:/// ws://? ws://# ://127.0.0.1:1'),
  ...words('ws://[ ws://[] ws://[::1 ws://[::1]] ws://[::g] ws://::1 ws://[127.0.0.1] ws://:1'),
  ...words('ws://127.0.0.1:65536 ws://127.0.0.1:99999 ws://127.0.0.1:-1 ws://127.0.0.1:port'),
  ...words('ws://127.0.0.1:1:1 ws://127.0.0.1:1.5 ws://127.0.0.1:0x1 ws://@ ws://@:1 ws://ada@'),
  ...words('ws://256.0.0.1 ws://127.0.0.0.1 ws://0x100000000 ws://4294967296 ws://% ws://%00'),
  ...words('ws://%zz ws://<> ws://^ ws://| ftp://127.0.0.1:1 file:///dev/null data:,x blob:x'),
  ...words('about:blank javascript:1 mailto:ada@127.0.0.1 tcp://127.0.0.1:1 wsx://127.0.0.1:1'),
  ...words(`web+ws://127.0.0.1:1 ${NOWHERE}/#fragment ${NOWHERE}/?a#b ${NOWHERE}#fragment`),
  ...BLANKS,
  ...LONG,
];

const TRIMMED = [` ${NOWHERE} `, `\t${NOWHERE}/\n`, `${NOWHERE}/\r\nx: y`, `${NOWHERE}/\0`];

/** Unusual urls that a WebSocket accepts. */
const ACCEPTED_URLS = [
  ...words(`${NOWHERE} ${NOWHERE}/ ${NOWHERE}# WS://127.0.0.1:1 ws:127.0.0.1:1 ws:////127.0.0.1:1`),
  ...words('http://127.0.0.1:1 https://127.0.0.1:1 wss://127.0.0.1:1 HTTP://127.0.0.1:1'),
  ...words('ws://127.1:1 ws://0x7f000001:1 ws://2130706433:1 ws://0177.0.0.1:1 ws://[::1]:1'),
  ...words('ws://127.0.0.1:00001 ws://127.0.0.1:0 ws://127.0.0.1.:1 ws:\\\\127.0.0.1:1\\live'),
  ...words('ws://ada:pass@127.0.0.1:1 ws://ada@127.0.0.1:1 ws://:@127.0.0.1:1'),
  ...words(`${NOWHERE}/% ${NOWHERE}/%zz ${NOWHERE}/%00 ${NOWHERE}/../.. ${NOWHERE}/grüße/🚀`),
  ...TRIMMED,
  `${NOWHERE}/?${'x'.repeat(10_000)}`,
];

const NO_WORDS = ['', ' ', '\n', '\0', 'two words'];
const NO_TOKENS = [...words('a,b a;b "a" (a) {a} a/b a=b a@b a:b a<b ü 🚀'), ...NO_WORDS];
const NO_LISTS = [[['a', 'b']], [{}], [() => 'a'], [Symbol('a')]];
const REFUSED_PROTOCOLS = [
  ...NO_TOKENS,
  ...NO_TOKENS.map((name) => [name]),
  ...NO_TOKENS.map((name) => ['a', name]),
  ['a', 'a'],
  ['a', 'b', 'a'],
];

const hostile = () => {
  throw new RangeError('hostile');
};

/** Values that cannot be converted to text. */
const UNREADABLE = [
  Object.create(null),
  { toString: hostile },
  { [Symbol.toPrimitive]: hostile },
  new Proxy({}, { get: hostile }),
];
const NO_URLS = [7, Number.NaN, true, 10n, Symbol('x'), () => NOWHERE, /x/, [], {}, new Map()];

const NAMES = ['', 7, {}, null, Symbol('no')].map((name) => ({ name }));
const NO_ERRORS = ['no', '', 7, 0, null, undefined, true, Symbol('no'), 10n, {}, [], () => {}];
const ERRORS = [
  new Error('no'),
  new DOMException('no', 'AbortError'),
  ...NO_ERRORS,
  ...NAMES,
  ...UNREADABLE,
  Object.defineProperty({}, 'name', { get: hostile }),
];

const NO_PARTS = [
  Number.NaN,
  -1,
  2,
  Infinity,
  -Infinity,
  undefined,
  null,
  'x',
  {},
  Symbol('x'),
  1n,
];

type Functions = Record<string, () => unknown>;
type Then = (resolve: (value: unknown) => void, reject: (reason: unknown) => void) => void;

// oxlint-disable-next-line unicorn/no-thenable -- thenables are tested here
const thenable = (then: Then) => ({ then });

/** Functions that return a value: directly, in a promise and in a thenable. */
const returning = (value: unknown): Functions => ({
  'from a function': () => value,
  'from a promise': async () => value,
  'from a thenable': () => thenable((resolve) => resolve(value)),
});

const throwing = (reason: unknown): Functions => ({
  thrown: () => {
    throw reason;
  },
  'as a rejection': async () => Promise.reject(reason),
  'as a late rejection': async () => new Promise((_, reject) => setTimeout(reject, 1, reason)),
  'as the rejection of a thenable': () => thenable((_, reject) => reject(reason)),
  'thrown by a thenable': () =>
    thenable(() => {
      throw reason;
    }),
});

const SILENT: Functions = {
  'a promise': async () => new Promise(() => {}),
  'a thenable': () => thenable(() => {}),
  'a promise of a thenable': async () => thenable(() => {}),
};

const throwingClass = (reason: unknown) =>
  function () {
    throw reason;
  };

const NO_SOCKETS = [Map, function () {}];

const describeValue = (value: unknown) =>
  typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : typeof value;

const failing =
  'a url or protocols function that throws or rejects is called again, whatever it throws (fault 8)';
const seams = 'an option that fails when it is used ends in closed or in another attempt';

/** The names of the errors that are reported meanwhile, by test name. */
export const REPORTED: { readonly [fact: string]: readonly string[] } = {
  [failing]: ['RangeError'],
  [seams]: ['RangeError', 'TypeError'],
};

/** The names of errors, each once, in alphabetical order. */
export const namesOf = (errors: readonly unknown[]): string[] =>
  [...new Set(errors.map((error) => (error as Error).name))].toSorted();

/** Bad urls, protocols, functions for them and options, by test name. */
export function badInput(): Record<string, readonly BadInput[]> {
  const lists: Record<string, BadInput[]> = {};

  /** Adds the values of a list for an option, and what becomes of the connection with each. */
  function add(
    fact: string,
    [option, end]: readonly [option: string, end: End],
    values: readonly unknown[] | Functions,
    more: object = {},
  ): void {
    const list = (lists[fact] ??= []);
    for (const [name, value] of Object.entries(values))
      list.push({
        name: `${list.length}: ${option} ${name} ${describeValue(value)}`,
        end,
        options: { url: NOWHERE, ...withOption(option, value), ...more },
      });
  }

  /** Adds the functions that are made of each value of a list. */
  function addEach(
    fact: string,
    [option, end]: readonly [option: string, end: End],
    values: readonly unknown[],
    functions: (value: unknown) => Functions,
  ): void {
    for (const [n, value] of values.entries())
      for (const [how, call] of Object.entries(functions(value)))
        add(fact, [option, end], { [`${n} ${describeValue(value)} ${how}`]: call });
  }

  const refused = 'a url or protocol that the constructor refuses ends in closed (fault 5)';
  for (const [option, values] of [
    ['url', REFUSED_URLS],
    ['protocols', REFUSED_PROTOCOLS],
  ] as const) {
    add(refused, [option, 'closed'], values);
    addEach(refused, [option, 'closed'], values, returning);
  }
  addEach(refused, ['protocols', 'closed'], NO_LISTS, returning);

  const odd = 'a url without a server is tried again, however it is written (fault 3)';
  add(odd, ['url', 'retried'], ACCEPTED_URLS);
  addEach(odd, ['url', 'retried'], ACCEPTED_URLS, returning);

  const answers =
    'a url function that returns no url ends in closed, in idle or in another attempt (fault 8)';
  addEach(answers, ['url', 'closed'], NO_URLS, returning);
  addEach(answers, ['url', 'idle'], [null, undefined], returning);
  addEach(answers, ['url', 'retried'], UNREADABLE, returning);

  for (const option of ['url', 'protocols']) {
    addEach(failing, [option, 'retried'], ERRORS, throwing);
    add(
      'a url or protocols function that never settles is called again (fault 8)',
      [option, 'retried'],
      SILENT,
    );
  }

  const wrong = 'a wrong option throws a TypeError';
  for (const [option, values] of Object.entries(WRONG)) add(wrong, [option, 'TypeError'], values);
  add(wrong, ['url', 'TypeError'], UNREADABLE.slice(0, 3));
  add(wrong, ['protocols', 'TypeError'], NO_LISTS);
  for (const part of ['now', 'wall', 'setTimeout', 'clearTimeout', 'frame'])
    add(wrong, [`clock.${part}`, 'TypeError'], [7, 'x', {}, true]);

  addEach(seams, ['random', 'retried'], NO_PARTS, (part) => ({ '': () => part }));
  for (const part of NO_PARTS)
    add(
      seams,
      ['reconnect', 'retried'],
      [{ minDelay: 20, baseDelay: 20, shouldReconnect: () => part }],
    );
  add(
    seams,
    ['signals', 'retried'],
    [7, 'x', {}, null, undefined, hostile].map((end) => () => end),
  );
  add(seams, ['signals', 'retried'], [hostile]);
  add(seams, ['WebSocket', 'closed'], ERRORS.map(throwingClass));
  add(seams, ['WebSocket', 'closed'], NO_SOCKETS);
  add(seams, ['WebSocket', 'closed'], NO_SOCKETS, { url: () => NOWHERE });
  return lists;
}
