import { expect, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createConnection } from '../../src/core.ts';
import { reaches } from '../support/reaches.ts';
import { test } from './fixtures.ts';

const MANY = 100_000;

test(
  `fault 38: ${MANY} messages in a burst are all handled in order, and publish nothing`,
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
    await server.counts(MANY);
    await vi.waitFor(() => expect(heard.length).toBe(MANY), { timeout: 60_000 });
    await annotate(`${MANY} messages in ${Math.round(performance.now() - from)} ms`);
    expect(heard).toEqual(Array.from({ length: MANY }, (_, n) => String(n)));
    expect(onChange).not.toHaveBeenCalled();
  },
);
