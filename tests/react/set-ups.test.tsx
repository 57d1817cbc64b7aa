import { render } from '@testing-library/react';
import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import {
  createConnection,
  createWebSocketHooks,
  requests,
  WebSocketProvider,
} from '../../src/index.ts';
import { lifeline } from '../../src/presence.ts';
import { setup } from '../support/react/harness.ts';
import { OutboxReader } from '../support/react/outbox.tsx';
import { inner, InnerPresence, Mixed, outer, type Seen, Tree } from '../support/react/set-ups.tsx';

setup();

const url = 'wss://example.test';
const three = () =>
  ['inner', 'plain', 'outer'].map((name) => {
    const connection = createConnection({ url });
    connection.send(name);
    return connection;
  });

test('each hook of a set-up uses the provider of its own set-up, and the plain ones the plain provider', () => {
  const connections = three();
  const seen: Seen[] = [];
  render(
    <Tree connections={connections}>
      <Mixed onRender={(each) => void seen.push(each)} />
    </Tree>,
  );
  expect(seen[0]?.outboxes).toEqual([['inner'], ['plain'], ['outer']]);
  expect(seen[0]?.connections).toEqual(connections);
  expect(seen[0]?.requests).toEqual(connections.map((each) => each.extend(requests)));
});

test('a hook of a set-up that throws leaves no trace in the next hook', () => {
  const connection = createConnection({ url });
  connection.send('plain');
  const seen: (readonly unknown[])[] = [];
  expect(() => renderToString(<InnerPresence />)).toThrow('needs a <WebSocketProvider>');
  render(
    <WebSocketProvider connection={connection}>
      <OutboxReader onRender={(messages) => void seen.push(messages)} />
    </WebSocketProvider>,
  );
  expect(seen).toEqual([['plain']]);
});

test('the hooks of presence are those of a set-up, too', () => {
  const connection = createConnection({ url, heartbeat: lifeline() });
  const page = renderToString(
    <inner.WebSocketProvider connection={connection}>
      <InnerPresence />
    </inner.WebSocketProvider>,
  );
  expect(page).toContain('null');
});

test('a hook of a set-up needs the provider of that set-up', () => {
  const page = (
    <outer.WebSocketProvider url={url}>
      <InnerPresence />
    </outer.WebSocketProvider>
  );
  expect(() => renderToString(page)).toThrow(
    'usePresence() needs a <WebSocketProvider> above it, or a connection.',
  );
});

test('what is handed in must be a function', () =>
  expect(() => createWebSocketHooks({}, { useOutbox: undefined } as never)).toThrow(
    'createWebSocketHooks() needs a useOutbox that is a function, not undefined.',
  ));
