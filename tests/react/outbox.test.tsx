import { act, render } from '@testing-library/react';
import { StrictMode } from 'react';
import { renderToString } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { createConnection, WebSocketProvider } from '../../src/index.ts';
import { Greeter } from '../support/react/children.tsx';
import { advance, serve, settle, setup } from '../support/react/harness.ts';
import { OutboxReader, OwnOutboxReader } from '../support/react/outbox.tsx';

setup();

const FRAME = 16;

/** The lists of all renders, as the messages in them. */
function recorder() {
  const renders: (readonly unknown[])[] = [];
  const lists: (readonly unknown[])[] = [];
  const onRender = (messages: readonly unknown[], list: readonly unknown[]) => {
    renders.push(messages);
    lists.push(list);
  };
  return { renders, lists, onRender };
}

describe('useOutbox', () => {
  test('returns what waits, and [] once a link has taken it', async () => {
    const server = serve();
    const connection = createConnection({ url: server.url });
    connection.send('before the first render');
    const { renders, onRender } = recorder();
    const view = render(<OutboxReader connection={connection} onRender={onRender} />);
    expect(renders).toEqual([['before the first render']]);
    act(() => void connection.send('a'));
    expect(renders.at(-1)).toEqual(['before the first render', 'a']);
    connection.open();
    await settle();
    await advance(FRAME);
    expect(renders.at(-1)).toEqual([]);
    expect(server.received).toEqual(['before the first render', 'a']);
    view.unmount();
    connection.close();
  });

  test('gives a new array at most once a frame, and the same one while nothing changes', async () => {
    const connection = createConnection({ url: 'wss://example.test' });
    const { renders, lists, onRender } = recorder();
    const view = () => <OutboxReader connection={connection} onRender={onRender} />;
    const { rerender } = render(view());
    act(() => {
      for (let n = 0; n < 100; n++) connection.send(`${n}`);
    });
    rerender(view());
    expect(new Set(lists).size).toBeLessThanOrEqual(2);
    await advance(FRAME);
    expect(renders.at(-1)).toHaveLength(100);
    expect(new Set(lists).size).toBeLessThanOrEqual(3);
    const { length } = renders;
    await advance(10 * FRAME);
    expect(renders).toHaveLength(length);
    rerender(view());
    expect(lists.at(-1)).toBe(lists.at(-2));
  });

  test.each([
    ['a given connection', false],
    ["a component's own connection", true],
  ])('shows nothing of the old scope of %s, from the same render on', async (_, isOwn) => {
    const { renders, onRender } = recorder();
    const view = (url: string) => (
      <StrictMode>
        {isOwn ? (
          <OwnOutboxReader url={url} onRender={onRender} text="secret" />
        ) : (
          <WebSocketProvider url={url}>
            <Greeter text="secret" />
            <OutboxReader onRender={onRender} />
          </WebSocketProvider>
        )}
      </StrictMode>
    );
    const { rerender } = render(view('wss://ada.test'));
    await advance(FRAME);
    expect(renders.at(-1)).toContain('secret');
    renders.length = 0;
    rerender(view('wss://bob.test'));
    await advance(FRAME);
    expect(renders.length).toBeGreaterThan(0);
    expect(renders.every((messages) => messages.length === 0)).toBe(true);
  });

  test('is [] on the server', () => {
    const connection = createConnection({ url: 'wss://example.test' });
    connection.send('a');
    const { renders, onRender } = recorder();
    expect(renderToString(<OutboxReader connection={connection} onRender={onRender} />)).toBe('');
    expect(renders).toEqual([]);
  });

  test('needs a provider or a connection', () => {
    expect(() => renderToString(<OutboxReader onRender={() => {}} />)).toThrow(
      'useOutbox() needs a <WebSocketProvider> above it, or a connection.',
    );
  });
});
