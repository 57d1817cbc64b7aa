import { render } from '@testing-library/react';
import { startTransition, Suspense } from 'react';
import { expect, test, vi } from 'vitest';
import { type EventHandler, WebSocketProvider } from '../../src/index.ts';
import { advance, serve, settle, setup } from '../support/react/harness.ts';
import { OwnReader, Reader } from '../support/react/readers.tsx';
import { createGate, Suspender } from '../support/react/suspender.tsx';

setup();

test('a suspended component gets every message in its handler, and shows the newest when it resumes (fault 47)', async () => {
  const server = serve();
  const onMessage = vi.fn<EventHandler<'message'>>();
  const onUnmount = vi.fn<() => void>();
  const gate = createGate();
  const view = (promise: Promise<void> | null) => (
    <WebSocketProvider url={server.url}>
      <Suspense fallback="suspended">
        <Suspender gate={promise} onMessage={onMessage} onUnmount={onUnmount} />
      </Suspense>
    </WebSocketProvider>
  );
  const { container, rerender } = render(view(null));
  await settle();
  server.send('1');
  expect(container.textContent).toBe('open "1"');

  rerender(view(gate.promise));
  expect(container.textContent).toContain('suspended');
  for (const text of ['2', '3', '4']) {
    server.send(text);
    await advance(300);
  }
  expect(container.textContent).toContain('suspended');

  gate.open();
  rerender(view(null));
  await settle();
  expect(container.textContent).toBe('open "4"');
  expect(onMessage.mock.calls).toEqual([['1'], ['2'], ['3'], ['4']]);
  expect(onUnmount).not.toHaveBeenCalled();
  expect(server.links).toHaveLength(1);
});

test('a component that suspends before its first commit connects after it', async () => {
  const server = serve();
  const gate = createGate();
  const onMessage = vi.fn<EventHandler<'message'>>();
  const view = (promise: Promise<void> | null) => (
    <Suspense fallback="suspended">
      <WebSocketProvider url={server.url}>
        <Suspender gate={promise} onMessage={onMessage} />
      </WebSocketProvider>
    </Suspense>
  );
  const { container, rerender } = render(view(gate.promise));
  await advance(1_000);
  expect(container.textContent).toBe('suspended');
  expect(server.handshakes).toEqual([]);

  gate.open();
  rerender(view(null));
  await settle();
  expect(container.textContent).toBe('open null');
  expect(server.handshakes).toHaveLength(1);
});

test('a provider whose children suspend keeps its link', async () => {
  const server = serve();
  const gate = createGate();
  const view = (promise: Promise<void> | null) => (
    <Suspense fallback="suspended">
      <WebSocketProvider url={server.url} linger={0}>
        <Reader />
        <OwnReader url={server.url} linger={0} />
        <Suspender gate={promise} onMessage={() => {}} />
      </WebSocketProvider>
    </Suspense>
  );
  const { container, rerender } = render(view(null));
  await settle();
  rerender(view(gate.promise));
  await advance(5_000);
  expect(server.open).toBe(2);
  gate.open();
  rerender(view(null));
  await settle();
  expect(container.textContent).toBe('openopenopen null');
  expect(server.links).toHaveLength(2);
});

test('the old url stays connected while a render with a new one is not committed', async () => {
  const [first, second] = [serve(), serve()];
  const gate = createGate();
  const view = (url: string, promise: Promise<void> | null) => (
    <Suspense fallback="suspended">
      <WebSocketProvider url={url}>
        <Suspender gate={promise} onMessage={() => {}} />
      </WebSocketProvider>
    </Suspense>
  );
  const { container, rerender } = render(view(first.url, null));
  await settle();
  startTransition(() => rerender(view(second.url, gate.promise)));
  await advance(5_000);
  first.send('still here');
  await advance(300);
  expect(container.textContent).toBe('open "still here"');
  expect(second.handshakes).toEqual([]);
  expect(first.links).toHaveLength(1);

  gate.open();
  rerender(view(second.url, null));
  expect(container.textContent).toBe('connecting null');
  await settle();
  expect(container.textContent).toBe('open null');
  expect([first.open, second.open]).toEqual([0, 1]);
});
