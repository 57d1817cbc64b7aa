import { expect, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createConnection } from '../../src/core.ts';
import { reaches } from '../support/reaches.ts';
import { test } from './fixtures.ts';

const MANY = 100_000;

test(
  `${MANY} messages in a burst are all handled in order, and do not notify subscribers (fault 38)`,
  { timeout: 90_000 },
  async ({ server, annotate }) => {
    const heard: unknown[] = [];
    const connection = createConnection({
      WebSocket,
      url: server.url,
      onMessage: (message) => heard.push(message),
    });
    onTestFinished(() => connection.close());
    connection.open();
    await reaches(connection, 'open');
    const onChange = vi.fn<() => void>();
    connection.subscribe(onChange);

    const from = performance.now();
    await server.sendsNumbers(MANY);
    await vi.waitFor(() => expect(heard.length).toBe(MANY), { timeout: 60_000 });
    await annotate(`${MANY} messages in ${Math.round(performance.now() - from)} ms`);
    expect(heard).toEqual(Array.from({ length: MANY }, (_, n) => String(n)));
    expect(onChange).not.toHaveBeenCalled();
  },
);
