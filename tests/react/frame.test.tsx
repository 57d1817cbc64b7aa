import { act, render } from '@testing-library/react';
import { StrictMode } from 'react';
import { expect, test, vi } from 'vitest';
import { WebSocketProvider } from '../../src/index.ts';
import { advance, serve, settle, setup } from '../support/react/harness.ts';
import { Listener } from '../support/react/listeners.tsx';
import { type OnRender, OwnReader, Reader } from '../support/react/readers.tsx';

setup();

const MESSAGES = Array.from({ length: 1_000 }, (_, index) => `message ${index}`);

/** Animation frames that the test draws. */
function createFrames() {
  const waiting: (() => void)[] = [];
  return {
    frame: (callback: () => void) => void waiting.push(callback),
    get waiting() {
      return waiting.length;
    },
    draw() {
      act(() => {
        for (const callback of waiting.splice(0)) callback();
      });
    },
  };
}

test('a component that only sends does not render for 1,000 messages', async () => {
  const server = serve();
  const onRender = vi.fn<OnRender>();
  render(
    <WebSocketProvider url={server.url}>
      <Reader read={[]} onRender={onRender} />
    </WebSocketProvider>,
  );
  await settle();
  onRender.mockClear();
  server.send(...MESSAGES);
  await advance(1_000);
  expect(onRender).not.toHaveBeenCalled();
});

test('a component that reads lastMessage renders at most once a frame, while a handler gets every message', async () => {
  const server = serve();
  const frames = createFrames();
  const seen: unknown[] = [];
  const handled: unknown[] = [];
  render(
    <WebSocketProvider url={server.url} clock={{ frame: frames.frame }}>
      <Reader read={['lastMessage']} onRender={({ lastMessage }) => void seen.push(lastMessage)} />
      <Listener onMessage={(message) => void handled.push(message)} />
    </WebSocketProvider>,
  );
  await settle();
  seen.length = 0;

  // Ten frames of a hundred messages.
  for (let frame = 0; frame < 10; frame++) {
    server.send(...MESSAGES.slice(frame * 100, frame * 100 + 100));
    frames.draw();
  }
  expect(handled).toEqual(MESSAGES);
  // The first message at once, then the newest of each frame.
  expect(seen).toEqual([
    MESSAGES[0],
    ...Array.from({ length: 10 }, (_, frame) => MESSAGES[frame * 100 + 99]),
  ]);
});

test('1,000 messages within a frame cause two renders, with the first and the newest message', async () => {
  const server = serve();
  const onRender = vi.fn<OnRender>();
  const { container } = render(
    <OwnReader url={server.url} read={['lastMessage']} onRender={onRender} />,
  );
  await settle();
  onRender.mockClear();
  server.send(...MESSAGES);
  expect(container.textContent).toBe('message 0');
  await advance(300);
  expect(container.textContent).toBe('message 999');
  expect(onRender).toHaveBeenCalledTimes(2);
});

test('the first message after a frame without messages is shown at once, the next one a frame later', async () => {
  const server = serve();
  const frames = createFrames();
  const { container } = render(
    <OwnReader url={server.url} read={['lastMessage']} clock={{ frame: frames.frame }} />,
  );
  await settle();
  server.send('a');
  expect(container.textContent).toBe('a');
  server.send('b');
  expect(container.textContent).toBe('a');
  frames.draw();
  expect(container.textContent).toBe('b');
  server.send('c');
  expect(container.textContent).toBe('b');
  frames.draw();
  expect(container.textContent).toBe('c');
  frames.draw();
  server.send('d');
  expect(container.textContent).toBe('d');
});

test('a message equal to the last one causes no render', async () => {
  const server = serve();
  const onRender = vi.fn<OnRender>();
  render(<OwnReader url={server.url} read={['lastMessage']} onRender={onRender} />);
  await settle();
  server.send('same');
  await advance(300);
  onRender.mockClear();
  server.send('same');
  await advance(300);
  expect(onRender).not.toHaveBeenCalled();
});

test('all components that read a connection share one frame request', async () => {
  const server = serve();
  const frames = createFrames();
  const { container } = render(
    <WebSocketProvider url={server.url} clock={{ frame: frames.frame }}>
      {Array.from({ length: 20 }, (_, key) => (
        <Reader key={key} read={['lastMessage']} />
      ))}
    </WebSocketProvider>,
  );
  await settle();
  expect(frames.waiting).toBe(0);
  server.send('x');
  expect(frames.waiting).toBe(1);
  server.send('y');
  expect(frames.waiting).toBe(1);
  frames.draw();
  expect(container.textContent).toBe('y'.repeat(20));
});

test('no frame is requested while no component reads lastMessage', async () => {
  const server = serve();
  const frames = createFrames();
  const handler = vi.fn<(message: unknown) => void>();
  const view = (reading: boolean) => (
    <StrictMode>
      <WebSocketProvider url={server.url} clock={{ frame: frames.frame }}>
        <Reader />
        <Listener onMessage={handler} />
        {reading && <Reader read={['lastMessage']} />}
      </WebSocketProvider>
    </StrictMode>
  );
  const { rerender } = render(view(false));
  await settle();
  server.send('one');
  expect(frames.waiting).toBe(0);
  rerender(view(true));
  server.send('two');
  expect(frames.waiting).toBe(1);
  frames.draw();
  frames.draw();
  rerender(view(false));
  server.send('three');
  expect(frames.waiting).toBe(0);
  expect(handler).toHaveBeenCalledTimes(3);
});

test('a message is shown within 250 ms in a hidden tab, which draws no frames', async () => {
  vi.stubGlobal('requestAnimationFrame', () => 0);
  const server = serve();
  const { container } = render(<OwnReader url={server.url} read={['lastMessage']} />);
  await settle();
  server.send('first');
  server.send('second');
  await advance(200);
  expect(container.textContent).toBe('first');
  await advance(60);
  expect(container.textContent).toBe('second');
});

test('a message is shown with the next animation frame on a visible page', async () => {
  const server = serve();
  const { container } = render(<OwnReader url={server.url} read={['lastMessage']} />);
  await settle();
  server.send('first');
  server.send('second');
  await advance(17);
  expect(container.textContent).toBe('second');
});
