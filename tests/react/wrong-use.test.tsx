import { act, render } from '@testing-library/react';
import type { JSX } from 'react';
import { createElement } from 'react';
import { expect, test } from 'vitest';
import {
  createConnection,
  createWebSocketHooks,
  useMessage,
  useMessages,
  useTopic,
  useWebSocket,
  useWebSocketEvent,
  WebSocketProvider,
} from '../../src/index.ts';
import { usePresence, usePresenceData } from '../../src/presence.ts';
import { Boundary } from '../support/react/boundary.tsx';
import { setup, takeRenderErrors } from '../support/react/harness.ts';

setup();

const connection = createConnection();

/** Renders something that throws, and returns the text of the error. */
function errorOf(element: JSX.Element): string | null {
  const { container } = render(<Boundary>{element}</Boundary>);
  expect(takeRenderErrors()).toHaveLength(1);
  return container.textContent;
}

/** What programs without types do, and the error that they get. */
const PROVIDERS: readonly (readonly [string, props: object, error: string])[] = [
  [
    'an unknown prop',
    { url: 'ws://a', heartbeet: true },
    'heartbeet is not an option of a connection: did you mean heartbeat?',
  ],
  [
    'an unknown prop with the value undefined',
    { url: 'ws://a', heartbeet: undefined },
    'heartbeet is not an option of a connection: did you mean heartbeat?',
  ],
  [
    'a prop of React that is misspelt',
    { enabld: false },
    'enabld is not an option of a connection: did you mean enabled?',
  ],
  [
    'an attribute of an element',
    { url: null, 'data-id': 'x' },
    'data-id is not an option of a connection. The names are ',
  ],
  [
    'enabled that is no boolean',
    { url: 'ws://a', enabled: null },
    'enabled must be a boolean, not object.',
  ],
  [
    'manual that is no boolean',
    { url: 'ws://a', manual: 1 },
    'manual must be a boolean, not number.',
  ],
  [
    'a connection and a url',
    { connection, url: 'ws://a' },
    'url cannot be given with a connection, which has its own options: use connection.update().',
  ],
  [
    'a connection that is none',
    { connection: { url: 'ws://a' } },
    'connection must be one that createConnection() has made, or undefined.',
  ],
];

test.each(PROVIDERS)('a provider refuses %s (fault 72)', (_name, props, error) => {
  expect(errorOf(createElement(WebSocketProvider, props as never))).toContain(
    `TypeError: ${error}`,
  );
});

const use: Record<string, (...args: unknown[]) => unknown> = {
  useMessage,
  useMessages,
  usePresence,
  usePresenceData,
  useTopic,
  useWebSocket,
  useWebSocketEvent,
} as never;
const handler = () => {};

const HOOKS: readonly (readonly [hook: string, args: readonly unknown[], error: string])[] = [
  ['useWebSocket', ['ws://a', { heartbeet: true }], 'did you mean heartbeat?'],
  ['useWebSocket', ['ws://a', { enabld: true }], 'did you mean enabled?'],
  [
    'useWebSocket',
    ['ws://a', { url: 'ws://b' }],
    'the url as its first argument, not as an option',
  ],
  ['useWebSocket', [{ url: 'ws://a' }], 'url must be a string, URL, null or function, not object.'],
  [
    'useWebSocket',
    [connection, { heartbeat: true }],
    'heartbeat cannot be given with a connection',
  ],
  ['useMessages', [{ limt: 5 }], 'limt is not an option of useMessages(): did you mean limit?'],
  ['useMessages', [null], 'useMessages() takes an object of options, not null.'],
  ['useMessages', [5], 'useMessages() takes an object of options, not number.'],
  [
    'useMessages',
    [{ limit: '5' }],
    'useMessages() needs a limit that is a whole number of at least 1, not string.',
  ],
  [
    'useMessages',
    [{ maxRate: 0 }],
    'useMessages() needs a maxRate that is a positive number, not 0.',
  ],
  [
    'useTopic',
    ['a', { maxRate: '5' }],
    'useTopic() needs a maxRate that is a positive number, not string.',
  ],
  [
    'useMessages',
    [{ filter: 'a' }],
    'useMessages() needs a filter that is a function, not string.',
  ],
  [
    'useMessage',
    [handler, { conection: connection }],
    'conection is not an option of useMessage(): did you mean connection?',
  ],
  [
    'useMessage',
    [handler, { connection: null }],
    'connection must be one that createConnection() has made',
  ],
  ['useMessage', [], 'useMessage() needs a handler that is a function, not undefined.'],
  ['useWebSocketEvent', ['opne', handler], 'opne is not an event: did you mean open?'],
  ['useWebSocketEvent', ['onOpen', handler], 'onOpen is not an event: did you mean open?'],
  ['useTopic', [7], 'useTopic() takes a topic that is a string or null, not number.'],
  [
    'useTopic',
    ['a', { limit: 1 }],
    'limit is not an option of useTopic(). The names are connection, maxRate.',
  ],
  ['usePresence', [7], 'usePresence() takes an id that is a string or null, not number.'],
  ['usePresence', ['ada', { connektion: connection }], 'did you mean connection?'],
  [
    'usePresence',
    [{ topic: 7 }],
    'usePresence() takes a topic that is a string or null, not number.',
  ],
  [
    'usePresence',
    [{ topics: 'a' }],
    'topics is not an option of usePresence(): did you mean topic?',
  ],
  ['usePresenceData', [7], 'usePresenceData() takes an id that is a string or null, not number.'],
];

test.each(HOOKS)('%s(%j) says what is wrong (fault 72)', (hook, args, error) => {
  const Component = () => {
    use[hook]?.(...args);
    return null;
  };
  const element = (
    <WebSocketProvider url={null}>
      <Component />
    </WebSocketProvider>
  );
  expect(errorOf(element)).toMatch(/^TypeError: /);
  expect(errorOf(element)).toContain(error);
});

test('createWebSocketHooks() checks its defaults when it is called (fault 72)', () =>
  expect(() => createWebSocketHooks({ heartbeet: true } as object)).toThrow(
    new TypeError('heartbeet is not an option of a connection: did you mean heartbeat?'),
  ));

test('an unknown prop of a later render is refused', () => {
  const { rerender, container } = render(
    <Boundary>
      <WebSocketProvider url={null} />
    </Boundary>,
  );
  act(() =>
    rerender(
      <Boundary>
        {createElement(WebSocketProvider, { url: null, heartbeet: true } as never)}
      </Boundary>,
    ),
  );
  expect(container.textContent).toContain('did you mean heartbeat?');
  expect(takeRenderErrors()).toHaveLength(1);
});

test('props that are undefined may stand beside a connection', () => {
  const element = createElement(
    WebSocketProvider,
    { connection, url: undefined } as never,
    'shown',
  );
  expect(render(element).container.textContent).toBe('shown');
});
