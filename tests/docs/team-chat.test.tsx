import { fireEvent, render, screen } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { createTestServer, type TestServer } from '../../src/testing.ts';
import { TeamChat } from '../support/react/team-chat.tsx';

// A whole chat, tested with what docs/testing.md says, in at most 60 lines.

let token = 'first';
let server: TestServer;
const status = () => screen.getByRole('heading').textContent;
const write = (text: string) => {
  fireEvent.change(screen.getByRole('textbox'), { target: { value: text } });
  fireEvent.click(screen.getByText('Send'));
};

beforeEach(async () => {
  server = createTestServer();
  server.setPresence(['ada']);
  render(<TeamChat {...server.options} url={async () => `${server.url}?token=${token}`} />);
  await server.connected();
});

test('connects, sends and shows', async () => {
  expect(status()).toBe('open');
  write('hello');
  expect(await server.next()).toBe('{"text":"hello"}');
  server.send('{"text":"welcome"}');
  expect(screen.getByText('welcome')).toBeTruthy();
});

test('what is written offline arrives after the reconnect', async () => {
  await server.advance(60_000);
  server.offline();
  write('lost in the air');
  await server.advance(10_000);
  expect(status()).toBe('reconnecting');
  write('kept');
  server.online();
  await server.connected();
  expect([status(), server.received]).toEqual(['open', ['{"text":"kept"}']]);
});

test('a token that ends is replaced, and one that is refused signs out', async () => {
  await server.advance(3_600_000);
  token = 'second';
  server.close(4401);
  expect((await server.connected()).url).toContain('token=second');
  server.refuse(4401);
  server.close(4401);
  await server.advance(60_000);
  expect(status()).toBe('signed out');
});

test('shows who is online', () => {
  expect(screen.getByRole('listitem').textContent).toBe('ada');
  server.setPresence(['ada', 'grace']);
  expect(screen.getAllByRole('listitem')).toHaveLength(2);
});
