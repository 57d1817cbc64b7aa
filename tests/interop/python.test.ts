import { fileURLToPath } from 'node:url';
import { firstFrame as options } from 'protocols.md/first-frame.ts';
import { describe, onTestFinished } from 'vitest';
import { missingPrograms, startProgram } from '../support/programs.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { type Foreign, TOKEN } from './foreign.ts';
import { tells } from './story.ts';

type Message = { type: string; text?: string; topic?: string; error?: string };

const SCRIPT = fileURLToPath(new URL('servers/live.py', import.meta.url));

/** Starts a server with the package `websockets` of Python. */
async function server(): Promise<Foreign> {
  const program = await startProgram('python3-websockets', (port) => [SCRIPT, String(port), TOKEN]);
  const proxy = await startTcpProxy(program.port);
  onTestFinished(async () => {
    await proxy.stops();
    await program.dies();
  });
  const world = {
    heard: program.lines,
    publish: (text: string) => program.tells(`publish ${text}`),
    set loginTakes(ms: number) {
      program.tells(`login_takes ${ms / 1_000}`);
    },
  };
  return { world, proxy, starts: program.starts, dies: program.dies };
}

describe.skipIf(missingPrograms().includes('python3-websockets'))(
  "A token in the first frame, Python's websockets",
  () => {
    tells<Message, Message>({
      server,
      options,
      topic: 'news',
      unsubscribes: true,
      say: (text) => ({ type: 'say', text }),
      textOf: ({ text }) => text,
      ask: (text) => ({ type: 'ask', text }),
      isAnswer: (reply, text) => reply.text === `${text}!`,
      refused: { type: 'nothing' },
      refusal: { kind: 'close', code: 4401 },
    });
  },
);
