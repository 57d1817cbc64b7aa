// What the measured components call. It is cheap, and the same for every library.
import type { ReactNode } from 'react';
import type { Quote } from './messages.ts';
import type { Outcome } from './scenario.ts';

/** After this time without any event, no more is expected, in milliseconds. */
const QUIET = 500;

/** What a play must reach. */
interface Expected {
  /** The number of messages for the handler. */
  readonly handled?: number;
  /** The number of components that must show the right text. */
  readonly right?: number;
  /** The text to be shown in the end. */
  readonly text?: string;
  /** The play whose quotes must be shown. */
  readonly play?: number;
}

let expected: Expected = {};
let renders = 0;
let handled = 0;
let right = new Set<string>();
let isDone = false;
let done = (): void => {};

/** Starts to count. Resolves when everything expected has happened. */
export function expects(what: Expected): Promise<void> {
  expected = what;
  renders = handled = 0;
  right = new Set();
  isDone = false;
  return new Promise((resolve) => {
    done = resolve;
  });
}

/** The counts so far. */
export const seen = (): Record<'renders' | 'handled' | 'right', number> => ({
  renders,
  handled,
  right: right.size,
});

/** Waits until everything has happened or, after the last message, nothing more does. Returns the time waited in vain, in ms. */
export async function ended(all: Promise<void>, sent: Promise<unknown>): Promise<Outcome> {
  return { idle: await Promise.race([all.then(() => 0), sent.then(quiet)]) };
}

async function quiet(): Promise<number> {
  let before = -1;
  let since = 0;
  while (!isDone) {
    if (before !== renders + handled) since = performance.now();
    else if (performance.now() - since >= QUIET) return performance.now() - since;
    before = renders + handled;
    // oxlint-disable-next-line no-await-in-loop -- it polls
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
  return 0;
}

function check(): void {
  isDone = handled >= (expected.handled ?? 0) && right.size >= (expected.right ?? 0);
  if (isDone) done();
}

function isRight(key: string): void {
  right.add(key);
  check();
}

/** The handler of every message. */
export function handle(): void {
  if (++handled === expected.handled) check();
}

/** The output of a component that shows the last message. */
export function showText(text: unknown): ReactNode {
  renders++;
  if (text === expected.text) isRight('text');
  return <output>{typeof text === 'string' && text}</output>;
}

/** The output of a component that shows a topic. */
export function showQuote(topic: string, quote: Quote | null | undefined): ReactNode {
  renders++;
  if (quote?.last && quote.play === expected.play) isRight(topic);
  return (
    <li>
      {topic}: {quote?.n}
    </li>
  );
}

/** The output of a component that shows whether the connection is open. */
export function showStatus(key: string, open: boolean): ReactNode {
  renders++;
  if (open) isRight(key);
  return <li>{open ? 'open' : 'not open'}</li>;
}
