import { render } from '@testing-library/react';
import { renderToString } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import {
  type Frame,
  type OutFrame,
  type Request,
  type RequestProtocol,
  WebSocketProvider,
} from '../../src/index.ts';
import { advance, serve, settle, setup } from '../support/react/harness.ts';
import { OwnRequester, Requester } from '../support/react/requests.tsx';

setup();

/** `id:text` in both directions. */
const requests: RequestProtocol<Frame, OutFrame> = {
  tag: (message, id) => `${id}:${message as string}`,
  reply(message) {
    const [, id] = /^(\d+):/.exec(message as string) ?? [];
    return id === undefined ? null : { id };
  },
};

/** The functions of all renders. */
function recorder() {
  const seen: Request<Frame, OutFrame>[] = [];
  const onRender = (request: Request<Frame, OutFrame>) => void seen.push(request);
  return { seen, onRender, latest: () => seen.at(-1) as Request<Frame, OutFrame> };
}

/** What becomes of a promise, as a text. */
const endOf = (promise: Promise<Frame>): Promise<string> =>
  promise.then(String, (error: Error & { reason?: string }) => error.reason ?? error.name);

describe('useRequest', () => {
  test('gives the same function in every render, and its messages cause none', async () => {
    const server = serve();
    const { seen, onRender, latest } = recorder();
    const view = () => (
      <WebSocketProvider url={server.url} requests={{ ...requests }}>
        <Requester onRender={onRender} />
      </WebSocketProvider>
    );
    const { rerender } = render(view());
    await settle();
    const end = endOf(latest()('hello'));
    await settle();
    expect(server.received).toEqual(['1:hello']);
    server.send('1:hello yourself');
    await expect(end).resolves.toBe('1:hello yourself');
    expect(seen).toHaveLength(1);
    rerender(view());
    expect(new Set(seen).size).toBe(1);
  });

  test('uses the requests option of the latest render', async () => {
    const server = serve();
    const { onRender, latest } = recorder();
    const view = (prefix: string) => (
      <WebSocketProvider
        url={server.url}
        requests={{ ...requests, tag: (message, id) => `${id}:${prefix}${message as string}` }}
      >
        <Requester onRender={onRender} />
      </WebSocketProvider>
    );
    const { rerender } = render(view('a '));
    await settle();
    rerender(view('b '));
    void endOf(latest()('text'));
    await settle();
    expect(server.received).toEqual(['1:b text']);
  });

  test.each([true, false])(
    'rejects what is open when its own connection is unmounted or changes its scope (unmount: %s) (fault 114)',
    async (isUnmounted) => {
      const server = serve();
      const other = serve();
      const { seen, onRender, latest } = recorder();
      const view = (url: string) => (
        <OwnRequester url={url} requests={requests} onRender={onRender} />
      );
      const { rerender, unmount } = render(view(server.url));
      const ends = [endOf(latest()('waits', { timeout: Infinity }))];
      await settle();
      ends.push(endOf(latest()('sent', { timeout: Infinity, again: true })));
      await settle();
      expect(server.received).toEqual(['1:waits', '2:sent']);
      if (isUnmounted) unmount();
      else rerender(view(other.url));
      await settle();
      await expect(Promise.all(ends)).resolves.toEqual(['closed', 'closed']);
      expect(new Set(seen).size).toBe(1);
      await settle();
      expect(other.received).toEqual([]);
    },
  );

  test('rejects what waits when its own connection is unmounted (fault 114)', async () => {
    const server = serve();
    server.stop();
    const { onRender, latest } = recorder();
    const { unmount } = render(
      <OwnRequester url={server.url} requests={requests} onRender={onRender} />,
    );
    await advance(0);
    const end = endOf(latest()('waits', { timeout: Infinity }));
    unmount();
    await settle();
    await expect(end).resolves.toBe('closed');
  });

  test('renders on the server', () => {
    const { onRender } = recorder();
    const page = (
      <WebSocketProvider url="wss://example.test" requests={requests}>
        <Requester onRender={onRender} />
      </WebSocketProvider>
    );
    expect(renderToString(page)).toBe('');
  });
});
