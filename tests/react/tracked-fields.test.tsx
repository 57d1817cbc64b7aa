import { act, fireEvent, render, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { createConnection, type UseWebSocketResult, WebSocketProvider } from '../../src/index.ts';
import { ClickReader, OptionalReader, Parent, Spreader } from '../support/react/children.tsx';
import { advance, serve, settle, setup } from '../support/react/harness.ts';
import {
  ALL,
  type Field,
  GivenReader,
  type OnRender,
  OwnReader,
  Reader,
} from '../support/react/readers.tsx';

setup();

test('a component that reads no field renders once, whatever happens', async () => {
  const server = serve();
  const onRender = vi.fn<OnRender>();
  render(<OwnReader url={server.url} read={[]} onRender={onRender} reconnect={{ minDelay: 0 }} />);
  await settle();
  server.send('message');
  await advance(300);
  await server.drop(1006);
  await advance(5_000);
  expect(server.links).toHaveLength(2);
  expect(onRender).toHaveBeenCalledTimes(1);
});

test('a component renders only for the fields that it reads', async () => {
  const server = serve();
  const renders = new Map<Field, number>();
  render(
    <WebSocketProvider
      url={server.url}
      heartbeat={{ interval: 1_000, timeout: 500 }}
      reconnect={{ shouldReconnect: () => 5_000 }}
    >
      {ALL.map((field) => (
        <Reader
          key={field}
          read={[field]}
          onRender={() => void renders.set(field, (renders.get(field) ?? 0) + 1)}
        />
      ))}
    </WebSocketProvider>,
  );
  const rendered = () => {
    const fields = ALL.filter((field) => renders.has(field));
    renders.clear();
    return fields;
  };
  expect(rendered()).toEqual(ALL);

  await settle();
  expect(rendered()).toEqual(['status', 'readyState']);
  server.send('hello');
  expect(rendered()).toEqual(['lastMessage']);
  await advance(300);
  expect(rendered()).toEqual([]);
  server.send('pong');
  expect(rendered()).toEqual(['latency']);
  await server.drop(1006);
  expect(rendered()).toEqual(['status', 'readyState', 'attempt', 'retryAt', 'cause', 'latency']);
  // The next attempt starts.
  server.stop();
  await advance(4_992);
  expect(rendered()).toEqual(['readyState', 'retryAt']);
  // It fails.
  await settle();
  expect(rendered()).toEqual(['readyState', 'attempt', 'retryAt', 'cause']);
  server.start();
  await advance(6_000);
  expect(rendered()).toEqual(['status', 'readyState', 'attempt', 'retryAt', 'cause']);
});

test('the result is a new object only when a field that was read has changed', async () => {
  const server = serve();
  const results: UseWebSocketResult[] = [];
  const onRender: OnRender = (_seen, socket) => void results.push(socket);
  const reader = <OwnReader url={server.url} read={['status']} onRender={onRender} />;
  const { rerender } = render(reader);
  rerender(<OwnReader {...reader.props} />);
  expect(results).toHaveLength(2);
  expect(results[1]).toBe(results[0]);

  await settle();
  expect(results).toHaveLength(3);
  expect(results[2]).not.toBe(results[1]);
  server.send('not read');
  rerender(<OwnReader {...reader.props} />);
  expect(results).toHaveLength(4);
  expect(results[3]).toBe(results[2]);
});

test('a memoised child that gets the whole result renders only for the field that it reads', async () => {
  const server = serve();
  const onStatusRender = vi.fn<() => void>();
  const { container } = render(
    <WebSocketProvider url={server.url}>
      <Parent onStatusRender={onStatusRender} />
    </WebSocketProvider>,
  );
  await settle();
  expect(container.querySelector('b')?.textContent).toBe('open');
  expect(onStatusRender).toHaveBeenCalledTimes(2);

  server.send('one');
  await advance(300);
  server.send('two');
  await advance(300);
  expect(onStatusRender).toHaveBeenCalledTimes(2);

  await server.drop(1006);
  expect(container.querySelector('b')?.textContent).toBe('reconnecting');
  fireEvent.click(screen.getByRole('button'));
  await advance(5_000);
  expect(server.received).toEqual(['clicked']);
});

test('a field first read in a handler has its current value', async () => {
  const server = serve();
  const onRead = vi.fn<(fields: unknown) => void>();
  render(
    <WebSocketProvider url={server.url}>
      <ClickReader onRead={onRead} />
    </WebSocketProvider>,
  );
  await settle();
  server.send('first');
  server.send('second');
  fireEvent.click(screen.getByRole('button'));
  expect(onRead).toHaveBeenLastCalledWith(['open', 0, 'second']);

  // From now on, the component tracks these fields.
  await advance(300);
  server.send('third');
  fireEvent.click(screen.getByRole('button'));
  expect(onRead).toHaveBeenLastCalledWith(['open', 0, 'third']);
  await server.drop(1006);
  fireEvent.click(screen.getByRole('button'));
  expect(onRead).toHaveBeenLastCalledWith(['reconnecting', 1, 'third']);
});

test('a field first read in a later render has its current value and is tracked from then on', async () => {
  const server = serve();
  const onRender = vi.fn<() => void>();
  const view = (show: boolean) => (
    <WebSocketProvider url={server.url}>
      <OptionalReader show={show} onRender={onRender} />
    </WebSocketProvider>
  );
  const { container, rerender } = render(view(false));
  await settle();
  server.send('one');
  server.send('two');
  expect(onRender).toHaveBeenCalledTimes(1);
  rerender(view(true));
  expect(container.textContent).toBe('"two"');
  await advance(300);
  server.send('three');
  expect(container.textContent).toBe('"three"');
});

test('a field keeps its value within one result', async () => {
  const server = serve();
  const results: UseWebSocketResult[] = [];
  render(
    <OwnReader
      url={server.url}
      read={['status']}
      onRender={(_seen, socket) => void results.push(socket)}
    />,
  );
  await settle();
  expect(results.map(({ status }) => status)).toEqual(['connecting', 'open']);
});

test('spreading the result reads no field', async () => {
  const server = serve();
  const onSpread = vi.fn<(spread: object) => void>();
  render(
    <WebSocketProvider url={server.url}>
      <Spreader onSpread={onSpread} />
    </WebSocketProvider>,
  );
  await settle();
  server.send('message');
  await advance(300);
  expect(onSpread).toHaveBeenCalledTimes(1);
  expect(Object.keys(onSpread.mock.calls[0]?.[0] ?? {}).toSorted()).toEqual([
    'close',
    'connection',
    'open',
    'reconnect',
    'send',
  ]);
});

test('a Proxy of the result, and an object that inherits from it, have the same fields', async () => {
  const server = serve();
  const results: UseWebSocketResult[] = [];
  const onRender: OnRender = (_seen, socket) => void results.push(socket);
  render(<OwnReader url={server.url} read={[]} onRender={onRender} />);
  const [result] = results as [UseWebSocketResult];
  expect(new Proxy(result, {}).status).toBe('connecting');
  expect((Object.create(result) as UseWebSocketResult).readyState).toBe(0);
});

test('the fields exist but are not enumerable, so that dev tools do not read them all', async () => {
  const server = serve();
  const results: UseWebSocketResult[] = [];
  const onRender: OnRender = (_seen, socket) => void results.push(socket);
  render(<OwnReader url={server.url} read={[]} onRender={onRender} />);
  const keys: string[] = [];
  for (const key in results[0]) keys.push(key);
  expect(keys.filter((key) => ALL.includes(key as Field))).toEqual([]);
  for (const field of ALL) expect(field in (results[0] ?? {})).toBe(true);
  // oxlint-disable-next-line no-misused-spread -- that is what is tested
  JSON.stringify({ ...results[0], connection: null });
  await settle();
  server.send('message');
  expect(results).toHaveLength(1);
});

test('the functions stay the same for the life of the connection and work without this', async () => {
  const server = serve();
  const results: UseWebSocketResult[] = [];
  render(
    <OwnReader
      url={server.url}
      read={ALL}
      onRender={(_seen, socket) => void results.push(socket)}
    />,
  );
  await settle();
  server.send('message');
  await server.drop(1006);
  await advance(5_000);
  expect(results.length).toBeGreaterThan(3);
  for (const name of ['send', 'open', 'close', 'reconnect', 'connection'] as const)
    expect(new Set(results.map((socket) => socket[name]))).toHaveLength(1);

  const [socket] = results;
  const { send, close, reconnect, open } = socket as UseWebSocketResult;
  expect(send('without this')).toBe('sent');
  await settle();
  expect(server.received).toEqual(['without this']);
  act(reconnect);
  await settle();
  act(() => close());
  await settle();
  expect(server.open).toBe(0);
  act(open);
  await settle();
  expect(server.open).toBe(1);
});

test('a component mounted later shows the newest message at once', async () => {
  const server = serve();
  const connection = createConnection({ url: server.url });
  const { container, rerender } = render(<GivenReader connection={connection} read={[]} />);
  await settle();
  server.send('old');
  server.send('new');
  rerender(
    <>
      <GivenReader connection={connection} read={[]} />
      <GivenReader connection={connection} read={['lastMessage']} />
    </>,
  );
  expect(container.textContent).toBe('new');
});
