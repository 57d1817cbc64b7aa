import { expect, onTestFinished, test, vi } from 'vitest';
import { mendLanguage } from '../../.storybook/language.ts';

test.for([
  ['en-US@posix', 'en-US'],
  ['C', 'en-US'],
  ['', 'en-US'],
  ['de-AT', 'de-AT'],
])('a page in a browser with the language %o is in %o', ([spoken = '', heard]) => {
  onTestFinished(() => void Reflect.deleteProperty(navigator, 'language'));
  vi.spyOn(Object.getPrototypeOf(navigator) as Navigator, 'language', 'get').mockReturnValue(
    spoken,
  );
  mendLanguage();
  expect(navigator.language).toBe(heard);
});
