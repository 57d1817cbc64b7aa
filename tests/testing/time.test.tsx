import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { useEffect, useState } from 'react';
import { createConnection, useMessage, useWebSocket, WebSocketProvider } from '../../src/index.ts';
import { createTestServer, type TestWorldOptions } from '../../src/testing.ts';

function Light() {
  const { status, send } = useWebSocket();
  const [log, setLog] = useState<string[]>([]);
  useMessage((message) => setLog((before) => [...before, String(message)]));
  useEffect(() => {
    if (status === 'open') send('hello');
  }, [status, send]);
  return <button onClick={() => send('click')}>{[status, ...log].join(' ')}</button>;
}

const App = ({ options }: { options: TestWorldOptions }) => (
  <WebSocketProvider {...options} heartbeat>
    <Light />
  </WebSocketProvider>
);

const text = () => screen.getByRole('button').textContent;

describe.each([
  ['real timers', () => {}],
  ['fake timers', () => vi.useFakeTimers()],
])('with %s of Vitest', (_, prepare) => {
  beforeEach(prepare);

  test('what takes no time is shown at once, and nothing else happens by itself', async () => {
    const server = createTestServer();
    render(<App options={server.options} />);
    expect(text()).toBe('connecting');
    await server.connected();
    expect(text()).toBe('open');
    expect(server.received).toEqual(['hello']);
    server.send('one');
    server.send('two');
    expect(text()).toBe('open one two');
    fireEvent.click(screen.getByRole('button'));
    expect(server.received).toEqual(['hello', 'click']);
    server.drop();
    expect(text()).toBe('reconnecting one two');
    await server.advance(1_749);
    expect(text()).toBe('reconnecting one two');
    await server.advance(1);
    expect(text()).toBe('open one two');
  });

  test('React renders, and runs effects, between two things that happen while time passes', async () => {
    const server = createTestServer();
    render(<App options={server.options} />);
    await server.connected();
    server.drop();
    await server.advance(5_000);
    expect(server.received).toEqual(['hello', 'hello']);
  });

  test('time passes inside of act(), too', async () => {
    const server = createTestServer();
    render(<App options={server.options} />);
    await act(() => server.advance(10));
    expect(text()).toBe('open');
    await act(async () => {
      server.drop();
      await server.advance(5_000);
      server.send('again');
    });
    expect(text()).toBe('open again');
  });

  test('a day of heartbeats and ten reconnects pass in well under a second', async () => {
    const server = createTestServer();
    render(<App options={server.options} />);
    await server.connected();
    const start = process.hrtime.bigint();
    for (let hour = 0; hour < 24; hour++) {
      if (hour < 10) server.drop();
      await server.advance(3_600_000);
    }
    const ms = Number(process.hrtime.bigint() - start) / 1e6;
    console.log(`24 h of heartbeats and 10 reconnects, shown by React: ${ms.toFixed(0)} ms`);
    expect(server.received).toHaveLength(11);
    expect(ms).toBeLessThan(1_000);
  });
});

test('without React, a day of heartbeats and ten reconnects pass in well under a second', async () => {
  const server = createTestServer();
  const connection = createConnection({ ...server.options, heartbeat: true });
  connection.open();
  const start = process.hrtime.bigint();
  for (let hour = 0; hour < 24; hour++) {
    if (hour < 10) server.drop();
    await server.advance(3_600_000);
  }
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  console.log(`24 h of heartbeats and 10 reconnects: ${ms.toFixed(0)} ms`);
  expect(ms).toBeLessThan(1_000);
  connection.close();
});

test('waitFor() of Testing Library sees what happens without time', async () => {
  const server = createTestServer();
  render(<App options={server.options} />);
  await waitFor(() => expect(text()).toBe('open'));
});
