import { act, render } from '@testing-library/react';
import { StrictMode } from 'react';
import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import { type Confirmed, ConfirmedApp } from '../support/react/delivery.tsx';
import { advance, serve, settle, setup } from '../support/react/harness.ts';

setup();

/** A server that takes messages when it is told to. */
function serveSessions() {
  const server = serve();
  const outboxes: string[] = [];
  const frames: string[] = [];
  let taken = 0;
  server.onFrame = (frame, link) => {
    if (typeof frame !== 'string') return;
    if (frame.startsWith('{"lifeline":"session"')) {
      outboxes.push((JSON.parse(frame) as { outbox: string }).outbox);
      const window = { messages: 256, bytes: 1_048_576, largest: 65_536 };
      link.send(
        JSON.stringify({ lifeline: 'session', token: 'secret', taken, known: true, ...window }),
      );
    } else if (!frame.startsWith('{"lifeline":"ping"')) frames.push(frame);
  };
  const say = (words: object, payload?: string) => {
    const line = JSON.stringify(words);
    server.links.at(-1)?.send(payload === undefined ? line : `${line}\n${payload}`);
  };
  return {
    url: server.url,
    outboxes,
    frames,
    say,
    lose: () => server.links.at(-1)?.close(1012),
    take(number: number) {
      taken = number;
      say({ lifeline: 'taken', number });
    },
  };
}

test('confirmed() may be made in each render: there is one session, and useOutbox() shows what is not confirmed', async () => {
  const server = serveSessions();
  let last: Confirmed | undefined;
  const app = () => (
    <StrictMode>
      <ConfirmedApp url={server.url} onRender={(now) => void (last = now)} />
    </StrictMode>
  );
  const view = render(app());
  await settle();
  view.rerender(app());
  act(() => void last?.connection.send('one'));
  await advance(20);
  expect(last?.outbox).toMatchObject([{ message: 'one', state: 'sent' }]);
  expect(server.frames).toEqual(['one']);
  act(() => server.take(1));
  await advance(20);
  expect(last?.outbox).toEqual([]);
  act(() => server.lose());
  await advance(5_000);
  expect(new Set(server.outboxes).size).toBe(1);
  expect(server.outboxes.length).toBeGreaterThan(1);
  view.unmount();
});

test('useRequest() needs no other option, and its reply may come over the next link', async () => {
  const server = serveSessions();
  let last: Confirmed | undefined;
  const view = render(<ConfirmedApp url={server.url} onRender={(now) => void (last = now)} />);
  await settle();
  const replies: unknown[] = [];
  act(() => void last?.request('what').then((reply) => replies.push(reply)));
  expect(server.frames).toEqual(['{"lifeline":"request","id":1}\nwhat']);
  act(() => server.take(1));
  act(() => server.lose());
  await advance(5_000);
  expect(server.frames.at(-1)).toBe('{"lifeline":"pending","ids":[1]}');
  act(() => server.say({ lifeline: 'reply', id: 1 }, 'that'));
  await settle();
  expect(replies).toEqual(['that']);
  view.unmount();
});

test('on the server it does nothing', () => {
  const server = serveSessions();
  expect(renderToString(<ConfirmedApp url={server.url} onRender={() => {}} />)).toBe('');
  expect(server.outboxes).toEqual([]);
});
