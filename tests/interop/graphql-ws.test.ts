import { EventEmitter, on } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { buildSchema } from 'graphql';
import { useServer as serve } from 'graphql-ws/use/ws';
import { graphqlWs as options } from 'protocols.md/graphql-ws.ts';
import { WebSocketServer } from 'ws';
import { describe } from 'vitest';
import { type Attach, startForeign, TOKEN } from './foreign.ts';
import { tells } from './story.ts';

type Message = { type: string; id?: string; payload?: object };

const schema = buildSchema(`
  type Query { hello: String }
  type Mutation { say(text: String!): String }
  type Subscription { news: String }
`);
Object.assign(schema.getSubscriptionType()?.getFields().news ?? {}, {
  resolve: ([news]: [string]) => news,
});

const attach: Attach = (http, world) => {
  const newspaper = new EventEmitter();
  const server = serve(
    {
      schema,
      roots: {
        mutation: {
          say({ text }: { text: string }) {
            world.heard.push(text);
            return text;
          },
        },
        subscription: {
          news: () => on(newspaper, 'news', { close: ['end'] }),
        },
      },
      async onConnect({ connectionParams }) {
        world.heard.push('login');
        await delay(world.loginTakes);
        return connectionParams?.token === TOKEN;
      },
      onComplete: (_context, id) => void (id === NEWS && world.heard.push('unsubscribe')),
    },
    new WebSocketServer({ server: http }),
    // It pings that often, and ends what does not answer.
    100,
  );
  world.publish = (text) => newspaper.emit('news', text);
  world.endTopic = () => newspaper.emit('end');
  return server.dispose;
};

const NEWS = 'subscription { news }';

interface Result {
  readonly data?: { readonly say?: string; readonly news?: string };
}

let operations = 0;
const mutation = (text: string) => ({ query: `mutation { say(text: "${text}") }` });

describe('graphql-ws', () => {
  tells<Message, Message>({
    server: () => startForeign(attach),
    options,
    topic: NEWS,
    unsubscribes: true,
    ends: true,
    say: (text) => ({ id: `say ${operations++}`, type: 'subscribe', payload: mutation(text) }),
    textOf({ payload }) {
      const { data } = (payload ?? {}) as Result;
      return data?.say ?? data?.news;
    },
    ask: (text) => ({ type: 'subscribe', payload: mutation(text) }),
    isAnswer: ({ payload }, text) => (payload as Result).data?.say === text,
    refused: { type: 'subscribe', payload: { query: 'mutation { nothing }' } },
    refusal: { kind: 'close', code: 4403 },
  });
});
