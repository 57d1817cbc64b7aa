import { expect, onTestFinished, test } from 'vitest';
import { createEmitter } from '../../src/core/platform/emitter.ts';
import { takeReports } from './reports.ts';

/** Shows that in the present project a test can fail by what is only reported. */
export function testReports(): void {
  const { on, emit } = createEmitter<{ message: [] }>();
  const fault = new Error('a fault of the app');
  on('message', () => {
    throw fault;
  });

  test.fails('an error that a handler throws fails the test', () => {
    emit('message');
    expect(fault).toBeInstanceOf(Error);
  });

  test.fails('so does one that comes while the test is cleaned up', () => {
    onTestFinished(() => emit('message'));
    expect(fault).toBeInstanceOf(Error);
  });

  test.fails('so does a warning on the console', () => {
    console.warn('careful');
    expect(fault).toBeInstanceOf(Error);
  });

  test('an error that the test takes does not', () => {
    emit('message');
    expect(takeReports()).toEqual([fault]);
  });
}
