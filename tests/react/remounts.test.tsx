import { cleanup, render } from '@testing-library/react';
import { Activity, StrictMode } from 'react';
import { describe, expect, test, vi } from 'vitest';
import { WebSocketProvider } from '../../src/index.ts';
import { advance, serve, settle, setup, type TestServer } from '../support/react/harness.ts';
import {
  type Act,
  ProviderOfEffectActor,
  ProviderOfLayoutActor,
} from '../support/react/effects.tsx';
import { OwnReader, Reader } from '../support/react/readers.tsx';
import { market, Price } from '../support/react/market.tsx';

setup();

const owners = {
  'a provider': (server: TestServer, key: number, linger?: number) => (
    <WebSocketProvider key={key} url={server.url} linger={linger}>
      <Reader />
    </WebSocketProvider>
  ),
  'a component with its own url': (server: TestServer, key: number, linger?: number) => (
    <OwnReader key={key} url={server.url} linger={linger} />
  ),
};

describe.each(Object.entries(owners))('%s', (_name, view) => {
  test('that is mounted anew ten times within a second leaves one live link (fault 55)', async () => {
    const server = serve();
    const { rerender } = render(<StrictMode>{view(server, 0)}</StrictMode>);
    for (let key = 1; key <= 10; key++) {
      await advance(90);
      rerender(<StrictMode>{view(server, key)}</StrictMode>);
      await advance(9);
      expect(server.open).toBe(1);
    }
    expect(server.links).toHaveLength(11);
  });

  test('closes its link as soon as the tick of its unmount is over, and leaves no timer (fault 55)', async () => {
    const server = serve();
    const { unmount } = render(view(server, 0));
    await settle();
    unmount();
    expect(server.leftovers.sockets).toBe(1);
    await Promise.resolve();
    await Promise.resolve();
    await settle();
    expect(server.leftovers).toEqual({ sockets: 0, listeners: 0 });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('keeps its link for as long as a given linger (fault 55)', async () => {
    const server = serve();
    const { unmount } = render(view(server, 0, 500));
    await settle();
    unmount();
    await advance(490);
    expect(server.open).toBe(1);
    await advance(20);
    expect(server.open).toBe(0);
  });

  test.runIf(Activity)(
    'that is hidden closes its link, and opens one when it is shown (fault 55)',
    async () => {
      const server = serve();
      const element = view(server, 0);
      const show = (mode: 'visible' | 'hidden') => <Activity mode={mode}>{element}</Activity>;
      const { container, rerender } = render(show('visible'));
      await settle();
      rerender(show('hidden'));
      await settle();
      expect(server.open).toBe(0);
      rerender(show('visible'));
      expect(container.textContent).toBe('connecting');
      await settle();
      expect(container.textContent).toBe('open');
      expect([server.open, server.links.length]).toEqual([1, 2]);
    },
  );

  test.each([
    ['', undefined],
    [' with a linger', 60_000],
  ])(
    'that unmounts while it waits for a retry%s asks for no connection afterwards (fault 56)',
    async (_linger, linger) => {
      const server = serve();
      const { container, unmount } = render(view(server, 0, linger));
      await settle();
      server.stop();
      await server.drop(1006);
      for (let count = 0; count < 3; count++) await advance(10_000);
      expect(container.textContent).toBe('reconnecting');
      const { length } = server.handshakes;
      expect(length).toBeGreaterThan(2);
      unmount();
      server.start();
      await advance(600_000);
      expect(server.handshakes).toHaveLength(length);
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  test('leaves no link when the fake timers are thrown away after it is cleaned up (fault 69)', async () => {
    const server = serve();
    render(view(server, 0));
    await settle();
    expect(server.open).toBe(1);
    const close = vi.spyOn(WebSocket.prototype, 'close');
    cleanup();
    vi.useRealTimers();
    await Promise.resolve();
    await Promise.resolve();
    expect(close).toHaveBeenCalledOnce();
  });
});

test.each(['open', 'reconnect'] as const)(
  '%s() in effects of a child and after the unmount does not outlive the provider (faults 55, 56)',
  async (call) => {
    const server = serve();
    const calls: (() => void)[] = [];
    const act: Act = (socket) => {
      calls.push(socket[call]);
      socket[call]();
    };
    for (const Owner of [ProviderOfLayoutActor, ProviderOfEffectActor]) {
      const { unmount } = render(<Owner url={server.url} user="ada" act={act} />);
      await settle();
      expect(server.open).toBe(1);
      unmount();
      await settle();
      for (const again of calls) again();
      await advance(60_000);
      expect(server.leftovers).toEqual({ sockets: 0, listeners: 0 });
    }
    expect(server.handshakes).toHaveLength(2);
  },
);

test('a topic stays subscribed for a second while its provider is mounted, though the link does not linger (fault 55)', async () => {
  const server = serve();
  const view = (topic: string | null) => (
    <market.WebSocketProvider url={server.url}>
      <Price topic={topic} />
    </market.WebSocketProvider>
  );
  const { rerender } = render(view('gold'));
  await settle();
  await settle();
  rerender(view(null));
  await advance(900);
  expect(server.received).toEqual(['{"subscribe":["gold"]}']);
  await advance(200);
  expect(server.received).toEqual(['{"subscribe":["gold"]}', '{"unsubscribe":["gold"]}']);
});
