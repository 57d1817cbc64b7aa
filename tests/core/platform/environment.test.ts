import { afterEach, expect, test, vi } from 'vitest';
import { baseUrl, isHidden, listenToGlobal } from '../../../src/core/platform/environment.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

test('the url that relative urls refer to is that of the page, or of the worker, or there is none', () => {
  expect(baseUrl()).toBe(document.baseURI);
  vi.stubGlobal('document', undefined);
  vi.stubGlobal('location', { href: 'https://a.test/worker.js' });
  expect(baseUrl()).toBe('https://a.test/worker.js');
  vi.stubGlobal('location', undefined);
  expect(baseUrl()).toBeUndefined();
});

test('nothing without a document is hidden', () => {
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
  expect(isHidden()).toBe(true);
  vi.stubGlobal('document', undefined);
  expect(isHidden()).toBeFalsy();
});

test('listening to a global object without events does nothing', () => {
  vi.stubGlobal('addEventListener', undefined);
  vi.stubGlobal('removeEventListener', undefined);
  expect(() => listenToGlobal(['online'], () => {})()).not.toThrow();
});
