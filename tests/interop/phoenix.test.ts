import { phoenix as options } from 'protocols.md/phoenix.ts';
import { describe } from 'vitest';
import { phoenix as attach } from './servers/phoenix.ts';
import { startForeign } from './foreign.ts';
import { tells } from './story.ts';

type Payload = { text?: string; response?: { text?: string } };
type Message = [string | null, string | null, topic: string, event: string, payload: Payload];

describe('Phoenix', () => {
  tells<Message, Message>({
    server: () => startForeign(attach),
    options,
    topic: 'news',
    unsubscribes: true,
    ends: true,
    speaksIn: 'echo',
    say: (text) => [null, null, 'echo', 'say', { text }],
    textOf: ([, , , event, payload]) => (event === 'said' ? payload.text : undefined),
    ask: (text) => [null, null, 'echo', 'ask', { text }],
    isAnswer: ([, , , , { response }], text) => response?.text === `${text}!`,
    refused: [null, null, 'echo', 'nothing', {}],
    refusal: { kind: 'error', name: 'HTTP 403' },
  });
});
