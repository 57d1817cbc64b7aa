import { expect, test } from 'vitest';
import { useConnection } from '../../src/react/use-connection.ts';

function Greeting({ name }: { name: string }) {
  return <p>Hello {name}</p>;
}

test('this project compiles the components of the tests and the hooks of the library', () => {
  // The compiler's memo cache is an array that it calls `$`.
  expect(String(Greeting)).toContain('$[0]');
  expect(String(useConnection)).toContain('$[0]');
});
