import { describe, expect, test, vi } from 'vitest';
import { retryDelay, shouldReconnect } from '../../../src/core/machine/backoff.ts';
import type { Cause } from '../../../src/core/machine/cause.ts';
import type { ReconnectOptions } from '../../../src/core/options/options.ts';
import { resolveOptions } from '../../../src/core/options/settings.ts';
import { takeReports } from '../../support/reports.ts';

const closedWith = (code: number): Cause => ({ kind: 'close', code, reason: '', wasClean: true });
const lost = closedWith(1006);

/** The delay after the given failure; by default, the random part is in the middle of its range. */
const delay = (
  cause: Cause,
  attempt: number,
  reconnect: ReconnectOptions | false = {},
  jitter = 0.5,
) => retryDelay(resolveOptions({ reconnect, random: () => jitter }), cause, attempt, false);

test('the delay is minDelay plus a random part of a range that doubles up to maxDelay', () => {
  const attempts = [1, 2, 3, 4, 5, 50, 5_000];
  expect(attempts.map((attempt) => delay(lost, attempt, {}, 0))).toEqual(attempts.map(() => 250));
  expect(attempts.map((attempt) => delay(lost, attempt, {}, 1))).toEqual([
    3_250, 6_250, 12_250, 24_250, 30_250, 30_250, 30_250,
  ]);
});

describe('a value of random() that is no number from 0 to 1', () => {
  const delayWith = (part: unknown) => {
    const settings = resolveOptions({ random: () => part as number });
    return retryDelay(settings, lost, 1, false);
  };

  test.each([Number.NaN, -1, -Infinity, undefined, 'much', {}])('counts as 0: %s', (part) =>
    expect(delayWith(part)).toBe(250),
  );

  test.each([Symbol('much'), 1n])(
    'counts as 0 and is reported if it cannot be multiplied: %s',
    (part) => {
      expect(delayWith(part)).toBe(250);
      expect(takeReports()).toEqual([expect.any(TypeError)]);
    },
  );

  test.each([1, 2, Infinity])('counts as 1: %s', (part) => expect(delayWith(part)).toBe(3_250));
});

test('minDelay, baseDelay and maxDelay are options', () => {
  const options = { minDelay: 10, baseDelay: 100, maxDelay: 150 };
  expect([1, 2, 3].map((attempt) => delay(lost, attempt, options, 1))).toEqual([110, 160, 160]);
});

test('the delay after 1013 is four times as long, even above maxDelay', () => {
  expect(delay(closedWith(1013), 1, {}, 1)).toBe(13_000);
  expect(delay(closedWith(1013), 9, {}, 1)).toBe(121_000);
});

test('the delay is 0 after a heartbeat timeout, but not after a connect timeout', () => {
  expect(delay({ kind: 'timeout', phase: 'heartbeat' }, 3)).toBe(0);
  expect(delay({ kind: 'timeout', phase: 'connect' }, 1)).toBe(1_750);
});

test('no delay is returned with reconnect: false, or above maxAttempts', () => {
  expect(delay(lost, 1, false)).toBeNull();
  expect(delay(lost, 2, { maxAttempts: 2 })).toBe(3_250);
  expect(delay(lost, 3, { maxAttempts: 2 })).toBeNull();
});

describe('shouldReconnect', () => {
  test('by default returns true for all close codes but those that would only repeat', () => {
    const retried = [1000, 1001, 1005, 1006, 1011, 1012, 1013, 1014, 3000, 4000];
    const final = [1002, 1003, 1007, 1009, 1010];
    expect(retried.filter((code) => !shouldReconnect(closedWith(code), 1))).toEqual([]);
    expect(final.filter((code) => shouldReconnect(closedWith(code), 1))).toEqual([]);
    expect(shouldReconnect({ kind: 'error', name: 'AuthError', message: '' }, 9)).toBe(true);
  });

  test.each([1008, 4401, 4403])('by default returns true for the code %d once', (code) => {
    expect(shouldReconnect(closedWith(code), 1)).toBe(true);
    expect(shouldReconnect(closedWith(code), 2)).toBe(false);
    expect(shouldReconnect(closedWith(code), 2, false)).toBe(true);
    expect(shouldReconnect(closedWith(code), 2, true)).toBe(false);
  });

  test('gets the cause and the number of the attempt', () => {
    const policy = vi.fn<(cause: Cause, attempt: number) => boolean>(() => true);
    delay(lost, 3, { shouldReconnect: policy });
    expect(policy.mock.calls[0]?.slice(0, 2)).toEqual([lost, 3]);
  });

  test('overrides the default with true, false or milliseconds', () => {
    const answer = (value: boolean | number) =>
      delay(closedWith(1002), 1, { shouldReconnect: () => value });
    expect(answer(true)).toBe(1_750);
    expect(answer(false)).toBeNull();
    expect(answer(0)).toBe(0);
    expect(answer(70)).toBe(70);
  });

  test('does not override maxAttempts', () =>
    expect(delay(lost, 2, { maxAttempts: 1, shouldReconnect: () => true })).toBeNull());

  test.each([Number.NaN, -1, Infinity, undefined, 'soon', Promise.resolve(false)])(
    'falls back to the default when it returns %s',
    (value) => {
      const policy = { shouldReconnect: () => value as number };
      expect(delay(lost, 1, policy)).toBe(1_750);
      expect(delay(closedWith(1002), 1, policy)).toBeNull();
    },
  );
});

test('baseDelay: 0 makes the delay constant', () => {
  const reconnect = { ...resolveOptions({}).reconnect, baseDelay: 0 };
  expect(retryDelay({ reconnect, random: () => 0.5 }, { kind: 'requested' }, 5_000, false)).toBe(
    250,
  );
});
