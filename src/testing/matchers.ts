import type { Status } from '../core/machine/snapshot.ts';

/** What the matchers use of the test runner; Vitest and Jest both have it. */
interface MatcherContext {
  readonly isNot?: boolean;
  equals(a: unknown, b: unknown): boolean;
  readonly utils: { printExpected(value: unknown): string; printReceived(value: unknown): string };
}

interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/**
 * Matchers for `expect.extend()` of Vitest and of Jest. {@link TestMatchers} has their types.
 *
 * @example
 * ```ts
 * expect.extend(matchers);
 * expect(server).toHaveReceived({ text: 'hello' });
 * expect(connection).toHaveStatus('open');
 * ```
 */
export const matchers: {
  toHaveReceived(this: MatcherContext, actual: unknown, ...expected: unknown[]): MatcherResult;
  toHaveStatus(this: MatcherContext, actual: unknown, expected: Status): MatcherResult;
} = {
  toHaveReceived(actual, ...expected) {
    const { received } = actual as { received?: readonly unknown[] };
    if (!Array.isArray(received) || expected.length === 0)
      throw new TypeError(
        'toHaveReceived() takes messages, of a test server or one of its clients: expect(server).toHaveReceived(message).',
      );
    let found = 0;
    for (const message of received) if (this.equals(message, expected[found])) found++;
    const { printExpected, printReceived } = this.utils;
    return {
      pass: found === expected.length,
      message: () =>
        `Expected the server ${this.isNot ? 'not ' : ''}to have received${expected.length > 1 ? ', in this order' : ''}:\n  ${expected.map(printExpected).join('\n  ')}\nIt has received:\n  ${received.map(printReceived).join('\n  ') || 'nothing'}`,
    };
  },
  toHaveStatus(actual, expected) {
    const { getSnapshot } = actual as { getSnapshot?(): { status: Status } };
    const { status } = getSnapshot?.() ?? (actual as { status?: Status });
    if (status === undefined)
      throw new TypeError('toHaveStatus() is for a connection, or what useWebSocket() returns.');
    return {
      pass: status === expected,
      message: () =>
        `Expected the status ${this.isNot ? 'not ' : ''}to be ${this.utils.printExpected(expected)}. It is ${this.utils.printReceived(status)}.`,
    };
  },
};

/** The types of {@link matchers}, to extend the matchers of Vitest or of Jest with. */
export interface TestMatchers<Result = unknown> {
  /**
   * Whether a test server, or one of its clients, has received these messages: in this order, others may be between them.
   * They are compared as by `toEqual()`.
   */
  toHaveReceived(...messages: readonly [unknown, ...unknown[]]): Result;
  /** Whether a connection, or what `useWebSocket()` has returned, has this status. */
  toHaveStatus(status: Status): Result;
}
