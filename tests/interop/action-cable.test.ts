import { actionCable as options } from 'protocols.md/action-cable.ts';
import { describe } from 'vitest';
import { actionCable as attach } from './servers/action-cable.ts';
import { startForeign } from './foreign.ts';
import { tells } from './story.ts';

type In = { type?: string; identifier?: string; message?: { text: string } };
type Out = { command: string; identifier: string; data?: string };

const news = '{"channel":"News"}';
const echo = '{"channel":"Echo"}';

describe('Action Cable', () => {
  tells<In, Out>({
    server: () => startForeign(attach),
    options,
    topic: news,
    unsubscribes: true,
    speaksIn: echo,
    say: (text) => ({
      command: 'message',
      identifier: echo,
      data: JSON.stringify({ action: 'say', text }),
    }),
    textOf: ({ message }) => message?.text,
    refusal: { kind: 'error', name: 'Error' },
  });
});
