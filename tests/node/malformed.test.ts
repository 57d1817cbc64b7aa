import { expect, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { createConnection, DecodeError, json } from '../../src/core.ts';
import { reaches } from '../support/reaches.ts';
import { test } from './fixtures.ts';

const MANY = 100_000;

test(
  `${MANY} malformed frames cause as many error events, and the link and the last message stay (fault 41)`,
  { timeout: 90_000 },
  async ({ server, annotate }) => {
    const errors: Error[] = [];
    const messages: unknown[] = [];
    const connection = createConnection({
      WebSocket,
      url: server.url,
      codec: json({ schema: z.object({ price: z.number() }) }),
      onMessage: (message) => messages.push(message),
      onError: (error) => errors.push(error),
    });
    onTestFinished(() => connection.close());
    connection.open();
    await reaches(connection, 'open');
    await server.says('{"price":1}');
    await vi.waitFor(() => expect(messages).toEqual([{ price: 1 }]));
    const onChange = vi.fn<() => void>();
    connection.subscribe(onChange);

    const from = performance.now();
    await server.sendsMalformed(MANY);
    await vi.waitFor(() => expect(errors.length).toBe(MANY), { timeout: 60_000 });
    await annotate(`${MANY} malformed frames in ${Math.round(performance.now() - from)} ms`);
    expect(connection.lastMessage).toEqual({ price: 1 });
    expect(connection.send({ price: 2 })).toBe('sent');
    await vi.waitFor(() => expect(messages).toEqual([{ price: 1 }, { price: 2 }]));

    expect(errors.filter((error) => !(error instanceof DecodeError))).toEqual([]);
    const kinds = errors.slice(0, 3).map((error) => {
      const { frame, issues, cause } = error as DecodeError;
      return [typeof frame, issues.length, cause instanceof Error && cause.name];
    });
    expect(kinds).toEqual([
      ['string', 0, 'SyntaxError'],
      ['string', 1, false],
      ['object', 0, 'TypeError'],
    ]);
    expect(onChange).not.toHaveBeenCalled();
    expect(await server.report()).toMatchObject({ open: 1, ever: 1 });
  },
);
