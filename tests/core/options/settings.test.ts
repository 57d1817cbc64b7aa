import { describe, expect, test } from 'vitest';
import { createConnection } from '../../../src/core/create-connection.ts';
import type { ConnectionOptions } from '../../../src/core/options/options.ts';
import { resolveOptions } from '../../../src/core/options/settings.ts';
import { scopeOf } from '../../../src/core/options/scope.ts';
import { withOption, WRONG } from '../../support/wrong-options.ts';

const show = (value: unknown) => (typeof value === 'number' ? String(value) : typeof value);

describe('a wrong option throws a TypeError that names it and says what it must be', () => {
  test.each(Object.entries(WRONG))('%s', (name, values) => {
    for (const value of values) {
      const make = () => createConnection(withOption(name, value));
      expect(make, `${name}: ${show(value)}`).toThrow(TypeError);
      expect(make).toThrow(new RegExp(`^${name.replace('.', '\\.')}\\b.* must be `));
    }
  });

  test.each([
    ['topics.of', { subscribe: () => [] }],
    ['topics.subscribe', { of: String, subscribe: 'all' }],
    ['topics.unsubscribe', { of: String, unsubscribe: {} }],
  ])('%s, with the other topic functions right or missing', (name, topics) =>
    expect(() => createConnection({ topics } as unknown as ConnectionOptions)).toThrow(
      new RegExp(`^${name} must be a function`),
    ),
  );

  test('the error does not contain the value', () => {
    const secret = { url: 7, scope: { token: 'secret' } } as unknown as ConnectionOptions;
    expect(() => createConnection({ ...secret, url: 'ws://a' })).toThrow(/^(?!.*secret)/);
    const overflow = { outbox: { overflow: 'secret' } } as unknown as ConnectionOptions;
    expect(() => createConnection(overflow)).toThrow(/^(?!.*secret)/);
  });
});

test.each(Object.keys(WRONG))('undefined means the default of %s', (name) => {
  const [outer = '', inner] = name.split('.');
  const without = inner ? withOption(outer, {}) : {};
  expect(resolveOptions(withOption(name, undefined))).toEqual(resolveOptions(without));
});

test('the smallest and largest allowed values are accepted', () => {
  const edges: ConnectionOptions = {
    url: null,
    protocols: [],
    heartbeat: { interval: 0.1, timeout: 1, ping: new Uint8Array(1), pong: () => true },
    reconnect: { minDelay: 0, baseDelay: 0, maxDelay: 0, maxAttempts: Infinity, stableAfter: 0 },
    outbox: { maxMessages: 0, maxBytes: Infinity, overflow: 'drop-newest' },
    connectTimeout: 1,
    closeTimeout: 0,
    linger: 0,
    binaryType: 'blob',
  };
  expect(resolveOptions(edges)).toMatchObject({ heartbeat: { interval: 0.1 }, linger: 0 });
  expect(resolveOptions({ heartbeat: { ping: null } }).heartbeat).toMatchObject({ ping: null });
});

test('the defaults have the documented values', () => {
  expect(resolveOptions({ heartbeat: true })).toMatchObject({
    heartbeat: { interval: 25_000, timeout: 10_000, ping: 'ping', pong: 'pong' },
    reconnect: {
      minDelay: 250,
      baseDelay: 3_000,
      maxDelay: 30_000,
      maxAttempts: Infinity,
      stableAfter: 5_000,
    },
    outbox: { maxMessages: 1_000, maxBytes: 1_048_576, overflow: 'drop-oldest' },
    connectTimeout: 10_000,
    closeTimeout: 3_000,
    linger: 1_000,
    binaryType: 'arraybuffer',
  });
  expect(resolveOptions({}).heartbeat.interval).toBe(Infinity);
  expect(resolveOptions({ reconnect: false }).reconnect.maxAttempts).toBe(0);
  expect(resolveOptions({ outbox: false }).outbox.maxMessages).toBe(0);
});

test('true means the same as an empty object', () => {
  const { heartbeat, reconnect, outbox } = resolveOptions({
    heartbeat: true,
    reconnect: true,
    outbox: true,
  });
  expect(resolveOptions({ heartbeat: {}, reconnect: {}, outbox: {} })).toMatchObject({
    heartbeat,
    reconnect,
    outbox,
  });
});

describe('the scope', () => {
  test('of a fixed url is the whole url', () => {
    expect(scopeOf({ url: 'ws://a/b?c' })).toBe('ws://a/b?c');
    expect(scopeOf({ url: new URL('ws://a/b?c') })).toBe('ws://a/b?c');
  });

  test('is the scope option if there is one', () =>
    expect(scopeOf({ url: () => 'ws://a', scope: 'ada' })).toBe('ada'));

  test('of a url function is not known yet', () =>
    expect(scopeOf({ url: () => 'ws://a' })).toBeUndefined());

  test('without a url is null, even with a scope option', () => {
    expect(scopeOf({ url: null, scope: 'ada' })).toBeNull();
    expect(scopeOf({})).toBeNull();
  });
});
