// What components tell of themselves while they are measured. Cheap, and the same for every library.
import type { ReactNode } from 'react';
import type { Quote } from './messages.ts';
import type { Outcome } from './scenario.ts';

/** How long nothing must happen until nothing more is expected, in milliseconds. */
const QUIET = 500;

/** What a play is to end in. */
interface Expected {
  /** Messages that the handler is to see. */
  readonly handled?: number;
  /** Components that are to show what they should. */
  readonly right?: number;
  /** The text that is to be shown in the end. */
  readonly text?: string;
  /** The play whose quotes are to be shown. */
  readonly play?: number;
}

let expected: Expected = {};
let renders = 0;
let handled = 0;
let right = new Set<string>();
let isDone = false;
let done = (): void => {};

/** Starts to count. Resolves when all that is expected has been seen. */
export function expects(what: Expected): Promise<void> {
  expected = what;
  renders = handled = 0;
  right = new Set();
  isDone = false;
  return new Promise((resolve) => {
    done = resolve;
  });
}

/** What was seen. */
export const seen = (): Record<'renders' | 'handled' | 'right', number> => ({
  renders,
  handled,
  right: right.size,
});

/** Waits until all has been seen or, once everything is sent, nothing more is. Tells how long it waited in vain, in ms. */
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
    // oxlint-disable-next-line no-await-in-loop -- it waits
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

/** What a component that shows the last message renders. */
export function showText(text: unknown): ReactNode {
  renders++;
  if (text === expected.text) isRight('text');
  return <output>{typeof text === 'string' && text}</output>;
}

/** What a component that shows a topic renders. */
export function showQuote(topic: string, quote: Quote | null | undefined): ReactNode {
  renders++;
  if (quote?.last && quote.play === expected.play) isRight(topic);
  return (
    <li>
      {topic}: {quote?.n}
    </li>
  );
}

/** What a component that shows whether the connection is open renders. */
export function showStatus(key: string, open: boolean): ReactNode {
  renders++;
  if (open) isRight(key);
  return <li>{open ? 'open' : 'not open'}</li>;
}
