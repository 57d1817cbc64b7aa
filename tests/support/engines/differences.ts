import { readFileSync } from 'node:fs';
import type { Engine } from './engines.ts';

/** What becomes of a test in an engine. */
export type Outcome = 'fails' | 'varies';

/** The tests that docs/engines.md says cannot hold in an engine: rows of a table with the engine, the test and its outcome. */
export function differences({ name }: Pick<Engine, 'name'>): Readonly<Record<string, Outcome>> {
  const page = readFileSync('docs/engines.md', 'utf8');
  const rows = page.matchAll(/^\| (\w+) +\| `(.+?)` +\| (fails|varies) +\|/gm);
  return Object.fromEntries(
    [...rows].flatMap(([, engine, test, outcome]) =>
      engine === name ? [[test, outcome as Outcome]] : [],
    ),
  );
}

declare module 'vitest' {
  interface ProvidedContext {
    /** The tests of the engine that do not hold. */
    differences: Readonly<Record<string, Outcome>>;
  }
}
