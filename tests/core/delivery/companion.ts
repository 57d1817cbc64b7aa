import { confirmed } from '../../../src/core/delivery/confirmed.ts';
import type { ConnectionOptions } from '../../../src/core/options/options.ts';
import type { World } from '../../support/simulation/world.ts';
import { describeCause, settle, simulate } from '../../support/simulation/world.ts';

type Words = Readonly<Record<string, unknown>>;

/** The words that the server answers to `session` with. */
export const ANSWER: Words = {
  lifeline: 'session',
  token: 'a'.repeat(32),
  taken: 0,
  known: true,
  messages: 256,
  bytes: 1_048_576,
  largest: 65_536,
};

/** A world whose connection has the option `delivery`, and whose server is spoken by hand. */
export interface SessionWorld extends World {
  /** What the application was told, as texts: `confirm a,b`, `gap room`, `message x` … */
  readonly told: string[];
  /** What the server has received on this link, without what is binary. */
  readonly received: () => string[];
  /** The server says words, with a payload behind them. */
  says(words: Words, payload?: string): void;
  /** The server takes the link, and gets as far as the frame `session`. Returns its words. */
  accepts(): Words;
  /** The server takes the link and answers; the connection is open then. Returns the words of the frame `session`. */
  resumes(answer?: Words): Promise<Words>;
  /** The link is lost, and the next attempt begins. */
  breaks(): void;
  /** Waits for the next attempt. */
  nextAttempt(): void;
}

export function simulateSession(options: ConnectionOptions = {}): SessionWorld {
  const world = simulate({ delivery: confirmed(), ...options });
  const { connection, network, clock } = world;
  const told: string[] = [];
  const tell = (...words: unknown[]) => told.push(words.join(' '));
  connection.on('message', (message) =>
    tell('message', typeof message === 'string' ? message : 'binary'),
  );
  connection.on('confirm', (messages) => tell('confirm', messages));
  connection.on('uncertain', (messages) => tell('uncertain', messages));
  connection.on('failed', (message, reason) => tell('failed', message, reason));
  connection.on('drop', (messages, reason) => tell('drop', messages, reason));
  connection.on('gap', (topics) => tell('gap', topics));
  connection.on('error', (error) => tell('error', error.message));
  connection.on('close', (cause) => tell('close', describeCause(cause)));
  const received = () =>
    network.server.received.filter((frame): frame is string => typeof frame === 'string');
  let last: unknown;
  const accepts = () => {
    last = network.server;
    network.server.accepts();
    return question();
  };
  const question = () => {
    const words = received().map((frame) => JSON.parse(frame) as Words);
    return words.find(({ lifeline }) => lifeline === 'session') ?? {};
  };
  const nextAttempt = () => {
    const { status } = connection.getSnapshot();
    if (network.server !== last) return void (last = network.server);
    for (let turn = 0; network.server === last && turn < 600; turn++) clock.advance(100);
    if (network.server === last) throw new Error(`There is no further attempt: ${status}.`);
    last = network.server;
  };
  return {
    ...world,
    told,
    nextAttempt,
    received,
    says: (words, payload) =>
      network.server.sends(
        payload === undefined ? JSON.stringify(words) : `${JSON.stringify(words)}\n${payload}`,
      ),
    accepts,
    async resumes(answer = {}) {
      accepts();
      // A stored outbox is read first.
      await settle();
      const words = question();
      network.server.sends(JSON.stringify({ ...ANSWER, ...answer }));
      await settle();
      return words;
    },
    breaks() {
      network.server.breaks();
      nextAttempt();
    },
  };
}

/** A world whose connection is open, with a session. What was said before that is forgotten. */
export async function simulateSessionOpen(options?: ConnectionOptions): Promise<SessionWorld> {
  const world = simulateSession(options);
  world.connection.open();
  await world.resumes();
  world.told.length = 0;
  return world;
}

/** What the server has received after `session` and its probe. */
export const sent = ({ received }: Pick<SessionWorld, 'received'>): string[] => {
  const frames = received();
  const at = frames.findIndex((frame) => frame.startsWith('{"lifeline":"session"'));
  return frames.slice(at + 2);
};
