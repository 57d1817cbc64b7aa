import { act, fireEvent, render, within } from '@testing-library/react';
import { StrictMode } from 'react';
import { beforeEach, expect, test, vi } from 'vitest';
import { createConnection } from '../../src/core.ts';
import { WebSocketDevtools } from '../../src/devtools/panel/web-socket-devtools.tsx';
import { createTestServer } from '../../src/testing.ts';

const SECRETS = ['Authorization', 'cookie'];
const root = () =>
  document.querySelector('react-lifeline-devtools')?.shadowRoot as unknown as HTMLElement;
const button = (name: string) => within(root()).getByRole('button', { name });
const OPEN = 'Open the WebSocket devtools';
const CLOSE = 'Close the WebSocket devtools';

// The panel shows the connections of the tests before, too.
beforeEach(() => void vi.useFakeTimers());

test('a button opens the panel, Escape closes it, and the focus follows', () => {
  render(<WebSocketDevtools />);
  expect(document.activeElement).toBe(document.body);
  fireEvent.click(button(OPEN));
  const panel = within(root()).getByRole('region', { name: 'WebSocket devtools' });
  const { activeElement } = root() as unknown as ShadowRoot;
  expect(activeElement).toBe(button(CLOSE));
  fireEvent.keyDown(panel, { key: 'Escape' });
  expect((root() as unknown as ShadowRoot).activeElement).toBe(button(OPEN));
});

test('opens at first if asked to, without taking the focus', () => {
  render(<WebSocketDevtools initialIsOpen />);
  expect(button(CLOSE)).toBeTruthy();
  expect(document.activeElement).toBe(document.body);
});

test('has its button in the corner that is asked for', () => {
  render(<WebSocketDevtools buttonPosition="top-left" />);
  expect(button(OPEN).dataset.position).toBe('top-left');
});

test('has all styles in its shadow root, with the nonce', () => {
  const before = document.styleSheets.length;
  render(<WebSocketDevtools nonce="r4nd0m" />);
  expect(document.styleSheets).toHaveLength(before);
  const styles = [...root().querySelectorAll('style')];
  expect(styles.map(({ nonce }) => nonce)).toEqual(['r4nd0m']);
});

test('keys that are typed in the panel are no shortcuts of the app', () => {
  const shortcut = vi.fn();
  document.addEventListener('keydown', shortcut);
  render(<WebSocketDevtools initialIsOpen />);
  fireEvent.keyDown(button(CLOSE), { key: 'k' });
  document.removeEventListener('keydown', shortcut);
  expect(shortcut).not.toHaveBeenCalled();
});

test('leaves nothing in the page when it is removed', () => {
  const { unmount } = render(<WebSocketDevtools initialIsOpen />);
  unmount();
  expect(root()).toBeUndefined();
});

test('two panels and StrictMode leave nothing either, and no timer', () => {
  const app = (
    <StrictMode>
      <WebSocketDevtools initialIsOpen />
      <WebSocketDevtools initialIsOpen nonce="r4nd0m" />
    </StrictMode>
  );
  const { unmount } = render(app);
  const hosts = () => document.querySelectorAll('react-lifeline-devtools');
  expect(hosts()).toHaveLength(2);
  for (const { shadowRoot } of hosts())
    expect(within(shadowRoot as unknown as HTMLElement).getByText('react-lifeline')).toBeTruthy();
  unmount();
  act(() => {
    vi.runOnlyPendingTimers();
  });
  expect(hosts()).toHaveLength(0);
  expect(vi.getTimerCount()).toBe(0);
});

test('shows no secret anywhere: in texts, attributes and what is copied', async () => {
  const writeText = vi.fn<(text: string) => Promise<void>>(async () => {});
  vi.stubGlobal('navigator', { clipboard: { writeText } });
  const server = createTestServer();
  const connection = createConnection({
    ...server.options,
    url: 'wss://ada:s3cret@server.test/live?ticket=s3cret',
    protocols: ['v1', 'bearer.s3cret'],
    handshake: ({ send }) => send('{"login":"s3cret"}'),
    topics: { of: () => 'all' },
  });
  connection.onTopic('all', () => {});
  connection.send('{"Authorization":"Bearer s3cret"}');
  connection.open();
  await server.connected();
  server.send('{"cookie":"sid=s3cret"}');
  const { unmount } = render(<WebSocketDevtools initialIsOpen redact={SECRETS} />);
  const panel = within(root());
  const refresh = () =>
    act(() => {
      vi.advanceTimersByTime(1_000);
    });
  refresh();
  for (const tab of panel.getAllByRole('tab')) {
    fireEvent.click(tab);
    for (const row of panel.queryAllByRole('option')) {
      fireEvent.click(row);
      refresh();
      expect(root().innerHTML).not.toContain('s3cret');
    }
    expect(root().innerHTML).not.toContain('s3cret');
  }
  expect(root().innerHTML).toContain('server.test/live');
  fireEvent.click(panel.getByRole('tab', { name: /Frames/ }));
  expect(panel.getAllByRole('option').length).toBeGreaterThan(3);
  fireEvent.click(button('Copy as JSON'));
  expect(writeText.mock.calls[0]?.[0]).toContain('[redacted]');
  expect(writeText.mock.calls[0]?.[0]).not.toContain('s3cret');
  unmount();
  act(() => connection.close());
});

test('the upper edge is moved with the arrow keys, within limits', () => {
  render(<WebSocketDevtools initialIsOpen />);
  const edge = within(root()).getByRole('separator', { name: 'Height of the panel' });
  const height = () => Number(edge.getAttribute('aria-valuenow'));
  const before = height();
  fireEvent.keyDown(edge, { key: 'ArrowUp' });
  expect(height()).toBe(before + 5);
  for (let n = 0; n < 30; n++) fireEvent.keyDown(edge, { key: 'ArrowDown' });
  expect(height()).toBe(20);
});
