import { centrifugo as options } from 'protocols.md/centrifugo.ts';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { reaches } from '../support/reaches.ts';
import { connectWith } from '../support/recorded-connection.ts';
import { startForeign, TOKEN } from './foreign.ts';
import { centrifugo as attach, EXPIRED } from './servers/centrifugo.ts';
import { here, logIn, tells } from './story.ts';

type In = {
  id?: number;
  push?: { channel: string; pub?: { data: unknown } };
  rpc?: { data: { text: string } };
};
type Out = { id?: number; [command: string]: unknown };

describe('Centrifugo', () => {
  tells<In, Out>({
    server: () => startForeign(attach),
    options,
    topic: 'news',
    speaksIn: 'echo',
    unsubscribes: true,
    ends: true,
    say: (text) => ({ id: 1, publish: { channel: 'echo', data: { text } } }),
    textOf: ({ push }) => (push?.pub?.data as { text: string } | undefined)?.text,
    ask: (text) => ({ rpc: { method: 'ask', data: { text } } }),
    isAnswer: ({ rpc }, text) => rpc?.data.text === `${text}!`,
    refused: { rpc: { method: 'nothing', data: {} } },
    refusal: { kind: 'close', code: 3500 },
  });
});

test('a token that is none ends it; for one that has expired, another one is asked for', async () => {
  const foreign = await startForeign(attach);
  const connect = () => connectWith(WebSocket)<In, Out>(here(foreign, options, [5_000, 5_000]));
  logIn('wrong');
  await reaches(connect(), 'closed');

  logIn(EXPIRED);
  const connection = connect();
  const errors: string[] = [];
  connection.on('error', ({ message }) => {
    errors.push(message);
    logIn(TOKEN);
  });
  await reaches(connection, 'open');
  expect(errors).toEqual(['token expired']);
});
