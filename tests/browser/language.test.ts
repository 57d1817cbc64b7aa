import { expect, test } from 'vitest';

test('a page is in English, whatever the language of the machine', () => {
  expect(navigator.language).toBe('en-US');
  expect(new Intl.NumberFormat().resolvedOptions().locale).toBe('en-US');
});
