import { expect, test, vi } from 'vitest';
import { createEmitter, tryCall } from '../../../src/core/platform/emitter.ts';
import { takeReports } from '../../support/reports.ts';

const emitter = () => createEmitter<{ word: [word: string]; other: [] }>();

test('emit() calls the listeners of a type in the order they were added, with the arguments', () => {
  const { on, emit } = emitter();
  const heard: string[] = [];
  on('word', (word) => heard.push(`1 ${word}`));
  on('word', (word) => heard.push(`2 ${word}`));
  on('other', () => heard.push('other'));
  emit('word', 'a');
  emit('word', 'b');
  expect(heard).toEqual(['1 a', '2 a', '1 b', '2 b']);
});

test('a listener that throws is reported, and the others are called', () => {
  const { on, emit } = emitter();
  const error = new Error('mine');
  const after = vi.fn<() => void>();
  on('other', () => {
    throw error;
  });
  on('other', after);
  emit('other');
  expect(takeReports()).toEqual([error]);
  expect(after).toHaveBeenCalledOnce();
});

test('a listener removed during emit() is not called', () => {
  const { on, emit } = emitter();
  const removed = vi.fn<() => void>();
  on('other', () => off());
  const off = on('other', removed);
  emit('other');
  expect(removed).not.toHaveBeenCalled();
});

test('a listener added during emit() is called from the next event on', () => {
  const { on, emit } = emitter();
  const added = vi.fn<() => void>();
  const off = on('other', () => {
    off();
    on('other', added);
  });
  emit('other');
  expect(added).not.toHaveBeenCalled();
  emit('other');
  expect(added).toHaveBeenCalledOnce();
});

test('a listener added twice is called once after one of the two is removed', () => {
  const { on, emit } = emitter();
  const listener = vi.fn<() => void>();
  const off = on('other', listener);
  on('other', listener);
  off();
  off();
  emit('other');
  expect(listener).toHaveBeenCalledOnce();
});

test('tryCall() passes on arguments and result, and reports an error and returns undefined', () => {
  expect(tryCall((a: number, b: number) => a + b, 1, 2)).toBe(3);
  expect(tryCall(null)).toBeUndefined();
  const error = new Error('mine');
  const failing = (): number => {
    throw error;
  };
  expect(tryCall(failing)).toBeUndefined();
  expect(takeReports()).toEqual([error]);
});

test('the other listeners are called even if reportError itself throws', () => {
  vi.stubGlobal('reportError', () => {
    throw new Error('unprintable');
  });
  const { on, emit } = createEmitter<{ message: [] }>();
  const heard = vi.fn<() => void>();
  on('message', () => {
    throw new Error('no');
  });
  on('message', heard);
  emit('message');
  expect(heard).toHaveBeenCalledOnce();
});

const throwing = () => {
  throw 'mine';
};

test('an error goes to reportError and not to the console', () => {
  const reportError = vi.fn<(error: unknown) => void>();
  vi.stubGlobal('reportError', reportError);
  tryCall(throwing);
  expect(reportError.mock.calls).toEqual([['mine']]);
});

test('an error goes to the console where there is no reportError', () => {
  vi.stubGlobal('reportError', undefined);
  tryCall(throwing);
  expect(takeReports()).toEqual(['mine']);
});
