// What docs/engines.md lists for the engine must fail there: an engine that has learnt it needs no row any more.
import { beforeEach, inject } from 'vitest';

const differences = inject('differences');

beforeEach(({ task, skip }) => {
  const outcome = differences[task.name];
  if (outcome === 'varies') skip('docs/engines.md says why');
  if (outcome === 'fails') Object.assign(task, { fails: true });
});
