import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { browserSignals, type Signal } from '../../../src/core/platform/signals.ts';

let heard: Signal[];
let stop: () => void;
beforeEach(() => {
  heard = [];
  stop = browserSignals((signal) => heard.push(signal));
});
afterEach(() => {
  stop();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const page = (type: string, persisted: boolean) =>
  window.dispatchEvent(Object.assign(new Event(type), { persisted }));
const isHidden = (hidden: boolean) => vi.spyOn(document, 'hidden', 'get').mockReturnValue(hidden);
const changes = () => document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));

/** The page is left: it is hidden right after `pagehide`. */
function leaves(persisted: boolean): void {
  page('pagehide', persisted);
  isHidden(true);
  changes();
}
/** The page returns from the back/forward cache, and is shown before `pageshow`. */
function returns(): void {
  isHidden(false);
  changes();
  page('pageshow', true);
}

test('online and offline come from the window', () => {
  window.dispatchEvent(new Event('offline'));
  window.dispatchEvent(new Event('online'));
  expect(heard).toEqual(['offline', 'online']);
});

test('a page gives the signal visible when it is shown, and none when it is hidden', () => {
  isHidden(true);
  document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  expect(heard).toEqual([]);
  isHidden(false);
  document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  expect(heard).toEqual(['visible']);
});

test('a frozen page that resumes gives the signal visible', () => {
  document.dispatchEvent(new Event('resume'));
  expect(heard).toEqual(['visible']);
});

test('pagehide and pageshow are signals only with the back/forward cache', () => {
  page('pageshow', false);
  leaves(false);
  expect(heard).toEqual([]);
  isHidden(false);
  leaves(true);
  returns();
  expect(heard).toEqual(['pagehide', 'visible', 'pageshow']);
});

test('no signal comes after the listener is removed', () => {
  const all = () => {
    for (const type of ['online', 'offline']) window.dispatchEvent(new Event(type));
    document.dispatchEvent(new Event('resume'));
    leaves(true);
    returns();
  };
  all();
  expect(heard.splice(0)).toHaveLength(6);
  stop();
  all();
  expect(heard).toEqual([]);
});

test('the signal pagehide comes after the listeners of the page for that event (fault 60)', () => {
  const seen: Signal[][] = [];
  const listener = () => seen.push([...heard]);
  window.addEventListener('pagehide', listener);
  leaves(true);
  window.removeEventListener('pagehide', listener);
  expect(seen).toEqual([[]]);
  expect(heard).toEqual(['pagehide']);
});

test('the signal pagehide comes at once if the page was hidden before (fault 60)', () => {
  isHidden(true);
  page('pagehide', true);
  expect(heard).toEqual(['pagehide']);
});

test('the signal pagehide comes with the next event, whichever that is (fault 60)', () => {
  page('pagehide', true);
  expect(heard).toEqual([]);
  page('pageshow', true);
  expect(heard).toEqual(['pagehide', 'pageshow']);
});

test('another tab that comes to the front after a return from the cache is no pagehide (fault 60)', () => {
  leaves(true);
  returns();
  heard.length = 0;
  isHidden(true);
  changes();
  expect(heard).toEqual([]);
});

test('a worker, which has no document, gives online and offline', () => {
  stop();
  const worker = new EventTarget();
  vi.stubGlobal('document', undefined);
  vi.stubGlobal('window', undefined);
  vi.stubGlobal('addEventListener', worker.addEventListener.bind(worker));
  vi.stubGlobal('removeEventListener', worker.removeEventListener.bind(worker));
  stop = browserSignals((signal) => heard.push(signal));
  for (const type of ['offline', 'online', 'visibilitychange'])
    worker.dispatchEvent(new Event(type));
  expect(heard).toEqual(['offline', 'online', 'visible']);
  stop();
  worker.dispatchEvent(new Event('online'));
  expect(heard).toHaveLength(3);
});

test('React Native, whose window has no events, gives no signals', () => {
  stop();
  vi.stubGlobal('document', undefined);
  vi.stubGlobal('addEventListener', undefined);
  vi.stubGlobal('removeEventListener', undefined);
  expect(() => browserSignals(() => {})()).not.toThrow();
});
