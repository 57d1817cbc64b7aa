import { inject } from 'vitest';
import type { Connection } from '../../src/core.ts';
import type { LedgerServer } from '../support/soak/ledger-server.ts';
import type { TcpProxy } from '../support/tcp-proxy.ts';
import type { Chance } from './chance.ts';
import type { MessageChecker } from './message-checker.ts';

/** Everything that a step can use. */
export interface Parts {
  readonly server: LedgerServer;
  readonly network: TcpProxy;
  readonly connection: Connection;
  readonly checker: MessageChecker;
  /** Mounts or unmounts the components that hold the connection. */
  mounts(isShown: boolean): Promise<void>;
  /** Connects to another url in the same scope. */
  changesUrl(): void;
}

/** Does something. The returned value is logged with its name. */
type Step = (parts: Parts, chance: Chance) => void | number | Promise<void | number>;

const CODES = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014];
const OWN_CODES = [3000, 3003, 4000, 4401, 4403, 4999];
/** Codes after which the connection reconnects. After the others, it stays closed until it is opened. */
const RETRIED = [1000, 1001, 1011, 1012, 1014, 4000];

/** Waits, since most faults take some time to have an effect. */
export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));

/** Lets other tasks of the page run. */
const turn = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => resolve(), { once: true });
    port1.start();
    port2.postMessage(null);
  });

type Steps = Readonly<Record<string, readonly [times: number, step: Step]>>;

const ALL: Steps = {
  'the network works': [14, ({ network }) => network.passes()],
  'the network stalls': [4, ({ network }) => network.stalls()],
  'the network stalls for long': [
    2,
    async ({ network }) => {
      await network.stalls();
      await pause(1_500);
    },
  ],
  'the network never answers new connections for long': [
    1,
    async ({ network, connection }) => {
      await network.neverAnswers();
      connection.reconnect();
      await pause(1_200);
    },
  ],
  'the network never answers new connections': [2, ({ network }) => network.neverAnswers()],
  'the network refuses new connections': [2, ({ network }) => network.refuses()],
  'the network resets everything': [2, ({ network }) => network.resets()],
  'the network is slow': [
    3,
    async ({ network }, { pick }) => {
      const rate = pick([50_000, 200_000, 2_000_000]);
      await network.throttles(rate);
      return rate;
    },
  ],
  'the network cuts after bytes': [
    3,
    async ({ network }, { between, pick }) => {
      const bytes = between(0, pick([300, 5_000, 100_000]));
      await network.cutsAfter(bytes);
      return bytes;
    },
  ],
  'the server works': [12, ({ server }) => server.accepts()],
  'the server restarts': [
    2,
    async ({ server }, { between }) => {
      const down = between(0, 200);
      await server.stops();
      await pause(down);
      await server.starts();
      return down;
    },
  ],
  'the server closes with': [
    4,
    async ({ server }, { pick }) => {
      const code = pick(pick([CODES, OWN_CODES, RETRIED, RETRIED]));
      await server.closes(code, 'closing');
      return code;
    },
  ],
  'the server closes new connections with': [
    2,
    async ({ server }, { pick }) => {
      const code = pick(pick([CODES, RETRIED]));
      await server.closesNewLinks(code);
      return code;
    },
  ],
  'the server refuses with': [
    2,
    async ({ server }, { pick }) => {
      const status = pick([401, 403, 503]);
      await server.refuses(status);
      return status;
    },
  ],
  'the server floods': [
    8,
    async ({ server }, { between }) => {
      const messages = between(1, 1_500);
      await server.floods(messages, 100);
      return messages;
    },
  ],
  'the server floods with large messages': [
    2,
    async ({ server }, { between }) => {
      const messages = between(16, 160);
      await server.floods(messages, 60_000);
      return messages;
    },
  ],
  'the server drops pongs': [2, ({ server }) => server.dropsPongs()],
  'the server terminates': [4, ({ server }) => server.terminates()],
  'the page sends': [
    10,
    ({ checker }, { between }) => {
      const messages = between(1, 300);
      for (let n = 0; n < messages; n++) checker.sends(n % 64);
      return messages;
    },
  ],
  'the page sends large messages': [
    2,
    ({ checker }, { between }) => {
      const messages = between(5, 40);
      for (let n = 0; n < messages; n++) checker.sends(60_000);
      return messages;
    },
  ],
  'the page keeps sending while the network is slow': [
    2,
    async ({ network, checker }, { between }) => {
      await network.throttles(2_000_000);
      for (let left = 20; left > 0; left--) {
        for (let n = between(1, 6); n > 0; n--) checker.sends(200_000);
        for (let n = between(1, 20); n > 0; n--) checker.sends(n);
        await pause(between(0, 20));
      }
    },
  ],
  'the page sends more than a stalled network takes': [
    1,
    async ({ network, checker }) => {
      await network.stalls();
      for (let n = 0; n < 16; n++) checker.sends(700_000);
      for (let n = 0; n < 250; n++) checker.sends(n % 64);
      await pause(600);
    },
  ],
  'the page keeps sending while the server closes': [
    3,
    async ({ server, checker }, { pick }) => {
      const code = pick(RETRIED);
      const closed = server.closes(code, 'closing');
      for (let turns = 200; turns > 0; turns--) {
        checker.sends(turns % 8);
        await turn();
      }
      await closed;
      return code;
    },
  ],
  'the app closes while the network stalls': [
    2,
    async ({ network, connection }) => {
      await network.stalls();
      connection.close();
      await pause(800);
    },
  ],
  'the app changes the url and reconnects often': [
    3,
    async ({ connection, changesUrl }, { between, pick }) => {
      for (let left = 8; left > 0; left--) {
        pick([changesUrl, connection.reconnect])();
        await pause(between(0, 8));
      }
    },
  ],
  'the app reconnects': [4, ({ connection }) => connection.reconnect()],
  'the app opens': [10, ({ connection }) => connection.open()],
  'the app closes': [
    2,
    ({ connection }, { pick }) => {
      const code = pick([1000, 3000, 4999]);
      connection.close(code, 'grüße');
      return code;
    },
  ],
  'the app closes and opens at once': [
    2,
    ({ connection }) => {
      connection.close();
      connection.open();
    },
  ],
  'the url changes': [3, ({ changesUrl }) => changesUrl()],
  'the components unmount': [2, ({ mounts }) => mounts(false)],
  'the components mount': [3, ({ mounts }) => mounts(true)],
  'the browser says offline': [2, () => void window.dispatchEvent(new Event('offline'))],
  'the browser says online': [2, () => void window.dispatchEvent(new Event('online'))],
  'the browser says visible': [2, () => void document.dispatchEvent(new Event('visibilitychange'))],
};

/** After a handshake that hangs, Firefox makes no other to the same address, for longer than the test waits. */
const leftOut = inject('engine') === 'firefox' ? 'the network never answers' : null;

/** Every step, and how often it is in one shuffled round. */
export const STEPS: Steps = Object.fromEntries(
  Object.entries(ALL).filter(([name]) => leftOut === null || !name.startsWith(leftOut)),
);
