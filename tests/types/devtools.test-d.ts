import { expectTypeOf, test } from 'vitest';
import {
  type DevtoolsPosition,
  WebSocketDevtools,
  type WebSocketDevtoolsProps,
} from '../../src/devtools.ts';
import { WebSocketDevtools as Empty } from '../../src/devtools-empty.ts';
import { createTestServer } from '../../src/testing.ts';

test('the empty component takes what the panel takes', () => {
  expectTypeOf(Empty).toEqualTypeOf(WebSocketDevtools);
  expectTypeOf<WebSocketDevtoolsProps['buttonPosition']>().toEqualTypeOf<
    DevtoolsPosition | undefined
  >();
});

test('replay() takes the text of a file', () => {
  expectTypeOf(createTestServer().replay).toEqualTypeOf<(session: string) => Promise<void>>();
});
