import { setTimeout as delay } from 'node:timers/promises';
import { jsonRpc as options } from 'protocols.md/json-rpc.ts';
import { Server } from 'rpc-websockets';
import { describe } from 'vitest';
import { type Attach, startForeign, TOKEN } from './foreign.ts';
import { tells } from './story.ts';

type In = { id?: string | number; result?: unknown; notification?: string; params?: string[] };
type Out = { jsonrpc: '2.0'; method: string; params?: object; id?: string | number };

const PATH = '/rpc';

const attach: Attach = (http, world) => {
  const server = new Server({ server: http });
  server.setAuth(async ({ token }: { token: string }) => {
    world.heard.push('login');
    await delay(world.loginTakes);
    return token === TOKEN;
  }, PATH);
  server
    .register(
      'say',
      ([text]: string[]) => {
        world.heard.push(String(text));
        return text;
      },
      PATH,
    )
    .protected();
  server.event('news', PATH);
  world.publish = (text) => void server.of(PATH).emit('news', text);
  return () => server.close();
};

let calls = 0;

describe('JSON-RPC, rpc-websockets', () => {
  tells<In, Out>({
    server: () => startForeign(attach),
    options,
    topic: 'news',
    say: (text) => ({ jsonrpc: '2.0', method: 'say', params: [text], id: `say ${calls++}` }),
    textOf: ({ id, result, params }) =>
      String(id).startsWith('say') ? String(result) : params?.[0],
    ask: (text) => ({ jsonrpc: '2.0', method: 'say', params: [text] }),
    isAnswer: ({ result }, text) => result === text,
    refused: { jsonrpc: '2.0', method: 'nothing' },
    refusal: { kind: 'error', name: 'Error' },
  });
});
