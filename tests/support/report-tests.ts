import { expect, onTestFinished, test } from 'vitest';
import { createEmitter } from '../../src/core/platform/emitter.ts';
import { takeReports } from './reports.ts';

/** Checks that in the present project a test fails on an error that is only reported. */
export function testReports(): void {
  const { on, emit } = createEmitter<{ message: [] }>();
  const fault = new Error('a fault of the app');
  on('message', () => {
    throw fault;
  });

  test.fails('a test fails on an error that a handler throws', () => {
    emit('message');
    expect(fault).toBeInstanceOf(Error);
  });

  test.fails('a test fails on an error during its clean-up', () => {
    onTestFinished(() => void emit('message'));
    expect(fault).toBeInstanceOf(Error);
  });

  test.fails('a test fails on a console warning', () => {
    console.warn('careful');
    expect(fault).toBeInstanceOf(Error);
  });

  test('a test passes if it takes the expected report', () => {
    emit('message');
    expect(takeReports()).toEqual([fault]);
  });
}
