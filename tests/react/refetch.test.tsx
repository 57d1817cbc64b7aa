import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocketProvider } from '../../src/index.ts';
import { advance, serve, settle, setup } from '../support/react/harness.ts';
import { Orders, RefetchAfterReconnect } from '../support/react/refetch.tsx';

setup();

/** Renders the example of docs/events.md, with a fetch function that numbers its answers. */
async function open(replayed = 0) {
  const server = serve();
  // Only an invalidation makes such a query fetch again.
  const queryClient = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  onTestFinished(() => queryClient.clear());
  let fetched = 0;
  const fetchOrders = vi.fn(() => Promise.resolve(`answer ${++fetched}`));
  const { container } = render(
    <QueryClientProvider client={queryClient}>
      <WebSocketProvider url={server.url}>
        <RefetchAfterReconnect replayed={replayed} />
        <Orders fetchOrders={fetchOrders} />
      </WebSocketProvider>
    </QueryClientProvider>,
  );
  await settle();
  return { server, container, fetchOrders };
}

test('the first open event refetches nothing', async () => {
  const { container, fetchOrders } = await open();
  expect(container.textContent).toBe('open answer 1');
  await advance(60_000);
  expect(fetchOrders).toHaveBeenCalledTimes(1);
});

test('every reconnect refetches once, when the new link is open', async () => {
  const { server, container, fetchOrders } = await open();
  for (const answer of [1, 2]) {
    await server.drop(1006);
    expect(container.textContent).toBe(`reconnecting answer ${answer}`);
    expect(fetchOrders).toHaveBeenCalledTimes(answer);
    await advance(10_000);
    expect(container.textContent).toBe(`open answer ${answer + 1}`);
    expect(fetchOrders).toHaveBeenCalledTimes(answer + 1);
  }
});

test('a failed attempt refetches nothing', async () => {
  const { server, container, fetchOrders } = await open();
  server.stop();
  await server.drop(1006);
  await advance(60_000);
  expect(server.handshakes.length).toBeGreaterThan(2);
  expect(fetchOrders).toHaveBeenCalledTimes(1);
  server.start();
  await advance(60_000);
  expect(container.textContent).toBe('open answer 2');
  expect(fetchOrders).toHaveBeenCalledTimes(2);
});

test('a gap that the server replays refetches nothing, and a longer one refetches', async () => {
  const { server, container, fetchOrders } = await open(20_000);
  await server.drop(1006);
  await advance(10_000);
  expect(container.textContent).toBe('open answer 1');
  expect(fetchOrders).toHaveBeenCalledTimes(1);

  server.stop();
  await server.drop(1006);
  await advance(20_000);
  server.start();
  await advance(60_000);
  expect(container.textContent).toBe('open answer 2');
  expect(fetchOrders).toHaveBeenCalledTimes(2);
});
