import { render, screen } from '@testing-library/react';
import { StrictMode } from 'react';
import { flushSync } from 'react-dom';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createConnection } from '../../src/index.ts';
import { Boundary } from '../support/react/boundary.tsx';
import { advance, serve, settle, setup, takeRenderErrors } from '../support/react/harness.ts';
import {
  TradeListener,
  Counted,
  Everything,
  Headline,
  market,
  marketOptions,
  news,
  Price,
  PriceOf,
  PriceList,
  type Trade,
} from '../support/react/market.tsx';
import { takeReports } from '../support/reports.ts';

setup();

const { WebSocketProvider } = market;
const trade = (topic: string, price: number) => JSON.stringify({ topic, price });
const shown = (id: string) => screen.getByTestId(id).textContent;

/** Waits long enough for a frame, even on a hidden page. */
const frame = () => advance(300);

test('useTopic() returns the last message of its topic, and does not render for others', async () => {
  const server = serve();
  const onRender = vi.fn<() => void>();
  render(
    <WebSocketProvider url={server.url}>
      <Counted onRender={onRender}>
        <Price topic="gold" />
      </Counted>
      <Price topic="iron" />
    </WebSocketProvider>,
  );
  await settle();
  expect(shown('price of gold')).toBe('none');
  onRender.mockClear();
  server.send(trade('iron', 5), trade('iron', 6));
  await frame();
  expect(shown('price of iron')).toBe('6');
  expect(onRender).not.toHaveBeenCalled();
  server.send(trade('gold', 7));
  await frame();
  expect(shown('price of gold')).toBe('7');
});

test('useTopic() renders at most once a frame', async () => {
  const server = serve();
  const onRender = vi.fn<() => void>();
  render(
    <WebSocketProvider url={server.url} clock={{ frame: () => {} }}>
      <Counted onRender={onRender}>
        <Price topic="gold" />
      </Counted>
    </WebSocketProvider>,
  );
  await settle();
  onRender.mockClear();
  server.send(...Array.from({ length: 50 }, (_, index) => trade('gold', index)));
  expect(onRender).toHaveBeenCalledTimes(1);
});

test('all hooks show a new message in the same render', async () => {
  const server = serve();
  const onRender = vi.fn<() => void>();
  render(
    <WebSocketProvider url={server.url} clock={{ frame: () => {} }}>
      <Price topic="gold" />
      <Counted onRender={onRender}>
        <Everything topic="gold" />
      </Counted>
    </WebSocketProvider>,
  );
  await settle();
  onRender.mockClear();
  server.send(trade('gold', 7));
  expect(shown('price of gold')).toBe('7');
  expect(shown('everything')).toBe('7, 7, 7');
  expect(onRender).toHaveBeenCalledTimes(1);
});

test('a component mounted later shows the last message of a topic that others listen to', async () => {
  const server = serve();
  const tree = (late: boolean) => (
    <WebSocketProvider url={server.url}>
      <TradeListener topic="gold" onTrade={() => {}} />
      {late && <Price topic="gold" />}
    </WebSocketProvider>
  );
  const { rerender } = render(tree(false));
  await settle();
  server.send(trade('gold', 3));
  rerender(tree(true));
  expect(shown('price of gold')).toBe('3');
});

test('a useTopic() handler gets every message of its topic', async () => {
  const server = serve();
  const heard: number[] = [];
  render(
    <WebSocketProvider url={server.url}>
      <TradeListener topic="gold" onTrade={({ price }) => heard.push(price)} />
    </WebSocketProvider>,
  );
  await settle();
  server.send(trade('gold', 1), trade('iron', 2), trade('gold', 3));
  expect(heard).toEqual([1, 3]);
});

test('a topic is subscribed to once in StrictMode, and unsubscribed from linger after the unmount', async () => {
  const server = serve();
  const tree = (priced: boolean) => (
    <StrictMode>
      <WebSocketProvider url={server.url}>{priced && <Price topic="gold" />}</WebSocketProvider>
    </StrictMode>
  );
  const { rerender } = render(tree(true));
  await settle();
  rerender(tree(false));
  await advance(990);
  expect(server.received).toEqual(['{"subscribe":["gold"]}']);
  await advance(50);
  expect(server.received.slice(1)).toEqual(['{"unsubscribe":["gold"]}']);
});

test('a topic that gets its first component while the link is open is subscribed to', async () => {
  const server = serve();
  const tree = (priced: boolean) => (
    <WebSocketProvider url={server.url}>{priced && <Price topic="gold" />}</WebSocketProvider>
  );
  const { rerender } = render(tree(false));
  await settle();
  rerender(tree(true));
  await settle();
  expect(server.received).toEqual(['{"subscribe":["gold"]}']);
});

test('useTopic(null) subscribes to nothing', async () => {
  const server = serve();
  render(
    <WebSocketProvider url={server.url}>
      <Price topic={null} />
    </WebSocketProvider>,
  );
  await settle();
  server.send(trade('null', 1));
  await frame();
  expect(shown('price of null')).toBe('none');
  expect(server.received).toEqual([]);
});

test('useMessages() returns the newest messages, the oldest of them first', async () => {
  const server = serve();
  render(
    <WebSocketProvider url={server.url}>
      <PriceList limit={3} />
    </WebSocketProvider>,
  );
  await settle();
  server.send(...[1, 2, 3, 4, 5, 6, 7, 8].map((price) => trade('gold', price)));
  await frame();
  expect(shown('price list')).toBe('6 7 8');
});

test('useMessages() returns a new array at most once a frame, and the same one otherwise', async () => {
  const server = serve();
  const lists: (readonly Trade[])[] = [];
  const tree = () => (
    <WebSocketProvider url={server.url} clock={{ frame: () => {} }}>
      <PriceList onList={(list) => lists.push(list)} />
    </WebSocketProvider>
  );
  const { rerender } = render(tree());
  await settle();
  server.send(trade('gold', 1), trade('gold', 2), trade('gold', 3));
  rerender(tree());
  expect(new Set(lists).size).toBe(2);
  expect(lists.at(-1)).toHaveLength(1);
});

test('useMessages() keeps what its filter lets through, and reports a filter that throws (fault 42)', async () => {
  const server = serve();
  const filter = ({ price }: Trade) => {
    if (price === 0) throw new Error('no price');
    return price > 1;
  };
  render(
    <WebSocketProvider url={server.url}>
      <PriceList filter={filter} />
    </WebSocketProvider>,
  );
  await settle();
  server.send(trade('gold', 1), trade('gold', 0), trade('gold', 2));
  await frame();
  expect(shown('price list')).toBe('2');
  expect(takeReports()).toEqual([new Error('no price')]);
});

test('useMessages() applies a smaller limit in the same render', async () => {
  const server = serve();
  const tree = (limit: number) => (
    <WebSocketProvider url={server.url}>
      <PriceList limit={limit} />
    </WebSocketProvider>
  );
  const { rerender } = render(tree(3));
  await settle();
  server.send(trade('gold', 1), trade('gold', 2), trade('gold', 3));
  await frame();
  rerender(tree(1));
  expect(shown('price list')).toBe('3');
  rerender(tree(3));
  server.send(trade('gold', 4));
  await frame();
  expect(shown('price list')).toBe('2 3 4');
});

test.each([0, -1, Number.NaN, 1.5])('useMessages() refuses a limit of %s', (limit) => {
  const { url } = serve();
  render(
    <Boundary>
      <WebSocketProvider url={url}>
        <PriceList limit={limit} />
      </WebSocketProvider>
    </Boundary>,
  );
  expect(takeRenderErrors()).toEqual([
    `TypeError: useMessages() needs a limit that is a whole number of at least 1, not ${limit}.`,
  ]);
});

test('useMessages() and useTopic() are empty in the render with a new scope', async () => {
  const [a, b] = [serve(), serve()];
  const lists: (readonly Trade[])[] = [];
  const tree = (url: string) => (
    <WebSocketProvider url={url}>
      <PriceList onList={(list) => lists.push(list)} />
      <Price topic="gold" />
    </WebSocketProvider>
  );
  const { rerender } = render(tree(a.url));
  await settle();
  a.send(trade('gold', 1));
  await frame();
  lists.length = 0;
  rerender(tree(b.url));
  expect(lists[0]).toEqual([]);
  expect(shown('price of gold')).toBe('none');
});

test('the link of the next user does not subscribe to the topics of the last one', async () => {
  const server = serve();
  const tree = (user: string) => (
    <WebSocketProvider url={server.url} scope={user}>
      <Price topic={`inbox of ${user}`} />
    </WebSocketProvider>
  );
  const { rerender } = render(tree('ada'));
  await settle();
  rerender(tree('bob'));
  await settle();
  expect(server.received).toEqual([
    '{"subscribe":["inbox of ada"]}',
    '{"subscribe":["inbox of bob"]}',
  ]);
});

test('a message whose handler changes the user is not shown', async () => {
  const server = serve();
  const tree = (user: string) => (
    <WebSocketProvider
      url={server.url}
      scope={user}
      onMessage={() => flushSync(() => rerender(tree('bob')))}
    >
      <PriceList />
      <Price topic="gold" />
    </WebSocketProvider>
  );
  const { rerender } = render(tree('ada'));
  await settle();
  server.send(trade('gold', 1));
  await frame();
  expect(shown('price list')).toBe('');
  expect(shown('price of gold')).toBe('none');
});

test('useTopic() works with a given connection and without a provider', async () => {
  const [a, b] = [serve(), serve()];
  const connections = [a, b].map(({ url }) => createConnection({ ...marketOptions, url }));
  const tree = (connection: (typeof connections)[0]) => (
    <StrictMode>
      <PriceOf connection={connection} topic="gold" />
    </StrictMode>
  );
  const [first, second] = connections as [(typeof connections)[0], (typeof connections)[0]];
  for (const connection of connections) onTestFinished(connection.retain());
  const { rerender } = render(tree(first));
  await settle();
  a.send(trade('gold', 1));
  await frame();
  expect(shown('price of gold')).toBe('1');
  rerender(tree(second));
  expect(shown('price of gold')).toBe('none');
  await settle();
  b.send(trade('gold', 2));
  await frame();
  expect(shown('price of gold')).toBe('2');
  expect(b.received).toEqual(['{"subscribe":["gold"]}']);
});

test('hooks of two factories work in one tree, in either order', async () => {
  const [gold, press] = [serve(), serve()];
  render(
    <StrictMode>
      <WebSocketProvider url={gold.url}>
        <news.WebSocketProvider url={press.url}>
          <Price topic="gold" />
          <Headline />
        </news.WebSocketProvider>
      </WebSocketProvider>
      <news.WebSocketProvider url={press.url}>
        <WebSocketProvider url={gold.url}>
          <Price topic="iron" />
        </WebSocketProvider>
      </news.WebSocketProvider>
    </StrictMode>,
  );
  await settle();
  gold.send(trade('gold', 1), trade('iron', 2));
  press.send('"Gold rises"');
  await frame();
  expect(shown('price of gold')).toBe('1');
  expect(shown('price of iron')).toBe('2');
  expect(shown('headline')).toBe('Gold rises');
});

test('a frame that the schema rejects causes an error event and is not shown', async () => {
  const server = serve();
  const errors: string[] = [];
  render(
    <WebSocketProvider url={server.url} onError={({ name }) => errors.push(name)}>
      <PriceList />
    </WebSocketProvider>,
  );
  await settle();
  server.send('{', '{"topic":1}', trade('gold', 4));
  await frame();
  expect(errors).toEqual(['DecodeError', 'DecodeError']);
  expect(shown('price list')).toBe('4');
});

test('an undefined option means the default of the factory', async () => {
  const server = serve();
  render(
    <WebSocketProvider url={server.url} codec={undefined} topics={undefined}>
      <Price topic="gold" />
    </WebSocketProvider>,
  );
  await settle();
  server.send(trade('gold', 9));
  await frame();
  expect(shown('price of gold')).toBe('9');
});

test('messages and topics are empty after a url function returns another path', async () => {
  const [a, b] = [serve(), serve()];
  let { url } = a;
  render(
    <WebSocketProvider url={() => url} reconnect={{ shouldReconnect: () => 100 }}>
      <PriceList />
      <Price topic="gold" />
    </WebSocketProvider>,
  );
  await settle();
  a.send(trade('gold', 1));
  await frame();
  expect(shown('price list')).toBe('1');
  ({ url } = b);
  await a.drop(1012);
  await advance(200);
  expect(shown('price list')).toBe('');
  expect(shown('price of gold')).toBe('none');
});
