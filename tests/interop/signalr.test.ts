import { signalr as options } from 'protocols.md/signalr.ts';
import { describe } from 'vitest';
import { signalr as attach } from './servers/signalr.ts';
import { startForeign } from './foreign.ts';
import { tells } from './story.ts';

type Message = { type?: number; target?: string; arguments?: unknown[]; [field: string]: unknown };

describe('SignalR', () => {
  tells<Message, Message>({
    server: () => startForeign(attach),
    options,
    topic: 'news',
    say: (text) => ({ type: 1, target: 'Say', arguments: [text] }),
    textOf: ({ type, arguments: [text] = [] }) => (type === 1 ? String(text) : undefined),
    ask: (text) => ({ type: 1, target: 'Add', arguments: [text] }),
    isAnswer: ({ result }, text) => result === `${text}!`,
    refused: { type: 1, target: 'Nothing', arguments: [] },
    refusal: { kind: 'error', name: 'HTTP 401' },
    takesLeave: true,
  });
});
