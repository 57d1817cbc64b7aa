import { WebSocketServer } from 'ws';
import { type Attach, TOKEN } from '../foreign.ts';

/** A server of Action Cable, from the guide of Rails and `ActionCable::Connection::Base`. */
export const actionCable: Attach = (http, world) => {
  const server = new WebSocketServer({
    server: http,
    handleProtocols: (offered) => offered.has('actioncable-v1-json') && 'actioncable-v1-json',
  });
  const listeners = new Map<string, Set<(message: object) => void>>();
  const news = JSON.stringify({ channel: 'News' });

  server.on('connection', (client, request) => {
    const send = (message: object) => client.send(JSON.stringify(message));
    const { searchParams } = new URL(request.url ?? '', 'http://localhost');
    world.heard.push('login');
    if (searchParams.get('token') !== TOKEN) {
      send({ type: 'disconnect', reason: 'unauthorized', reconnect: false });
      return client.close();
    }
    let pings: ReturnType<typeof setInterval> | undefined;
    setTimeout(() => {
      send({ type: 'welcome' });
      // A real one says it every 3 s.
      pings = setInterval(() => send({ type: 'ping', message: Math.floor(Date.now() / 1000) }), 50);
    }, world.loginTakes);
    client.on('close', () => {
      clearInterval(pings);
      for (const group of listeners.values()) group.delete(send);
    });
    client.on('message', (data: Buffer) => {
      const {
        command,
        identifier,
        data: text,
      } = JSON.parse(String(data)) as Record<string, string>;
      if (identifier === undefined) throw new Error(`No identifier: ${String(data)}`);
      const group = listeners.get(identifier) ?? new Set();
      listeners.set(identifier, group);
      if (command === 'subscribe') {
        const known = /"channel":"(News|Echo)"/.test(identifier);
        if (known) group.add(send);
        send({ identifier, type: `${known ? 'confirm' : 'reject'}_subscription` });
      } else if (command === 'unsubscribe') {
        group.delete(send);
        world.heard.push('unsubscribe');
      } else if (group.has(send)) {
        const said = JSON.parse(text ?? '') as { action: string; text: string };
        world.heard.push(said.text);
        send({ identifier, message: said });
      } else throw new Error(`Unable to find subscription with identifier: ${identifier}`);
    });
  });

  world.publish = (text) => {
    for (const send of listeners.get(news) ?? []) send({ identifier: news, message: { text } });
  };
};
