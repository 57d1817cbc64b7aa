import { expect, test } from 'vitest';

test('the page has the language en-US, whatever that of the machine', () => {
  expect(navigator.language).toBe('en-US');
  expect(new Intl.NumberFormat().resolvedOptions().locale).toBe('en-US');
});
