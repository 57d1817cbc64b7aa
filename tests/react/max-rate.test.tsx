import { render, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { advance, serve, settle, setup } from '../support/react/harness.ts';
import { Counted, Limited, market } from '../support/react/market.tsx';

setup();

const { WebSocketProvider } = market;
const trade = (price: number) => JSON.stringify({ topic: 'gold', price });
const shown = () => screen.getByTestId('limited').textContent;

/** Frames of 10 ms. */
const clock = { frame: (callback: () => void) => void setTimeout(callback, 10) };

async function open(maxRate?: number) {
  const server = serve();
  const onRender = vi.fn<() => void>();
  const view = (rate?: number) => (
    <WebSocketProvider url={server.url} clock={clock} linger={0}>
      <Counted onRender={onRender}>
        <Limited topic="gold" maxRate={rate} />
      </Counted>
    </WebSocketProvider>
  );
  const { rerender, unmount } = render(view(maxRate));
  await settle();
  onRender.mockClear();
  return { server, onRender, unmount, rerender: (rate?: number) => rerender(view(rate)) };
}

test('a component renders maxRate times a second at most, and shows the last message', async () => {
  const { server, onRender } = await open(4);
  let price = 0;
  for (let step = 0; step < 200; step++) {
    server.send(trade(++price));
    await advance(10);
  }
  // The component has two hooks, and each updates it about 8 times in 2 s, perhaps together.
  expect(onRender.mock.calls.length).toBeLessThanOrEqual(18);
  expect(onRender.mock.calls.length).toBeGreaterThan(6);
  await advance(300);
  expect(shown()).toMatch(/^200 /);
  expect(shown()).toMatch(/ 200$/);
});

test('the first message after a pause is shown at once', async () => {
  const { server } = await open(1);
  server.send(trade(1));
  expect(shown()).toBe('1 1');
  server.send(trade(2));
  await advance(500);
  expect(shown()).toBe('1 1');
  await advance(600);
  expect(shown()).toBe('2 1 2');
  await advance(5_000);
  server.send(trade(3));
  expect(shown()).toBe('3 1 2 3');
});

test('a rate above that of the frames means once a frame', async () => {
  const { server, onRender } = await open(1_000_000);
  for (let price = 1; price <= 100; price++) server.send(trade(price));
  await advance(100);
  expect(onRender.mock.calls.length).toBeLessThanOrEqual(3);
  expect(shown()).toMatch(/^100 .* 100$/);
});

test('a changed maxRate keeps the list and the last message', async () => {
  const { server, rerender } = await open(1);
  server.send(trade(1));
  rerender(undefined);
  expect(shown()).toBe('1 1');
  await advance(20);
  server.send(trade(2), trade(3));
  await advance(50);
  expect(shown()).toBe('3 1 2 3');
});

test('no timer is left after the end', async () => {
  const { server, unmount } = await open(1);
  server.send(trade(1), trade(2));
  unmount();
  // Long enough for the socket to close, and too short for the next update.
  await advance(100);
  expect(vi.getTimerCount()).toBe(0);
});
