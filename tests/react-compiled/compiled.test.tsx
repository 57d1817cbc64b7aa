import { expect, test } from 'vitest';
import { WebSocketProvider } from '../../src/index.ts';

function Greeting({ name }: { name: string }) {
  return <p>Hello {name}</p>;
}

test('this run compiles components of the tests and of the library', () => {
  // The compiler's memo cache is an array that it calls `$`.
  expect(String(Greeting)).toContain('$[0]');
  expect(String(WebSocketProvider)).toContain('$[0]');
});
