import { type WebSocket, WebSocketServer } from 'ws';
import { type Attach, TOKEN } from '../foreign.ts';

interface Command {
  readonly id?: number;
  readonly connect?: { readonly token?: string };
  readonly subscribe?: { readonly channel: string };
  readonly unsubscribe?: { readonly channel: string };
  readonly publish?: { readonly channel: string; readonly data: { readonly text: string } };
  readonly rpc?: { readonly method: string; readonly data: { readonly text: string } };
}

/** A token that was good once. */
export const EXPIRED = 'expired';

/** A server of Centrifugo's JSON protocol, from "Client protocol" of its documentation. */
export const centrifugo: Attach = (http, world) => {
  const server = new WebSocketServer({ server: http });
  const channels = new Map<WebSocket, Set<string>>();
  const lines = (messages: readonly object[]) =>
    messages.map((message) => JSON.stringify(message)).join('\n');

  server.on('connection', (client: WebSocket) => {
    let pings: ReturnType<typeof setInterval> | undefined;
    let isAnswered = true;
    client.on('close', () => {
      clearInterval(pings);
      channels.delete(client);
    });
    client.on('message', (data: Buffer) => {
      const commands = String(data)
        .split('\n')
        .map((line) => JSON.parse(line) as Command);
      // All answers to a frame go out in one frame.
      const answers = commands.flatMap((command) => answer(command));
      if (answers.length > 0) client.send(lines(answers));
    });

    function answer(command: Command): object[] {
      const { id, connect, subscribe, unsubscribe, publish, rpc } = command;
      if (id === undefined) isAnswered = true;
      else if (connect) {
        world.heard.push('login');
        if (connect.token === TOKEN) setTimeout(() => letIn(id), world.loginTakes);
        else if (connect.token === EXPIRED)
          return [{ id, error: { code: 109, message: 'token expired' } }];
        else client.close(3500, 'invalid token');
      } else if (!channels.has(client)) client.close(3501, 'bad request');
      else if (subscribe) {
        channels.get(client)?.add(subscribe.channel);
        return [{ id, subscribe: {} }];
      } else if (unsubscribe) {
        world.heard.push('unsubscribe');
        channels.get(client)?.delete(unsubscribe.channel);
        return [{ id, unsubscribe: {} }];
      } else if (publish) {
        world.heard.push(publish.data.text);
        tell(publish.channel, { pub: { data: publish.data } });
        return [{ id, publish: {} }];
      } else if (rpc?.method === 'ask') {
        world.heard.push(rpc.data.text);
        return [{ id, rpc: { data: { text: `${rpc.data.text}!` } } }];
      } else return [{ id, error: { code: 104, message: 'method not found' } }];
      return [];
    }

    function letIn(id: number): void {
      channels.set(client, new Set());
      client.send(
        lines([{ id, connect: { client: 'c1', version: '6.0.0', ping: 1, pong: true } }]),
      );
      // A real one pings every 25 s.
      pings = setInterval(() => {
        if (!isAnswered) return client.close(3012, 'no pong');
        isAnswered = false;
        client.send('{}');
      }, 400);
    }
  });

  function tell(channel: string, push: object): void {
    for (const [client, subscribed] of channels)
      if (subscribed.has(channel)) client.send(lines([{ push: { channel, ...push } }]));
  }
  world.publish = (text) => tell('news', { pub: { data: { text } } });
  world.endTopic = () => {
    tell('news', { unsubscribe: { code: 2500, reason: 'insufficient state' } });
    for (const subscribed of channels.values()) subscribed.delete('news');
  };
};
