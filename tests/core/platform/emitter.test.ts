import { expect, test, vi } from 'vitest';
import { createEmitter, tryCall } from '../../../src/core/platform/emitter.ts';
import { takeReports } from '../../support/reports.ts';

const emitter = () => createEmitter<{ word: [word: string]; other: [] }>();

test('calls the listeners of a type in their order, with the arguments', () => {
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

test('one that is removed meanwhile is not called any more', () => {
  const { on, emit } = emitter();
  const removed = vi.fn<() => void>();
  on('other', () => off());
  const off = on('other', removed);
  emit('other');
  expect(removed).not.toHaveBeenCalled();
});

test('one that is added meanwhile hears the next event first', () => {
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

test('a listener added twice is called twice, and each removal removes its own', () => {
  const { on, emit } = emitter();
  const listener = vi.fn<() => void>();
  const off = on('other', listener);
  on('other', listener);
  off();
  off();
  emit('other');
  expect(listener).toHaveBeenCalledOnce();
});

test('tryCall() passes arguments and result, and turns a throw into undefined', () => {
  expect(tryCall((a: number, b: number) => a + b, 1, 2)).toBe(3);
  expect(tryCall(null)).toBeUndefined();
  const error = new Error('mine');
  const failing = (): number => {
    throw error;
  };
  expect(tryCall(failing)).toBeUndefined();
  expect(takeReports()).toEqual([error]);
});

test('what cannot even be reported disturbs nobody else', () => {
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

test('the page is told, and not the console', () => {
  const reportError = vi.fn<(error: unknown) => void>();
  vi.stubGlobal('reportError', reportError);
  tryCall(throwing);
  expect(reportError.mock.calls).toEqual([['mine']]);
});

test('the console is told where there is no reportError', () => {
  vi.stubGlobal('reportError', undefined);
  tryCall(throwing);
  expect(takeReports()).toEqual(['mine']);
});
