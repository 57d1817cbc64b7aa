import { once } from 'node:events';
import { createServer } from 'node:http';
import { createLifelineServer, type LifelineServer, memorySessions } from '../../src/server.ts';
import { listen } from './listen.ts';

/** A lifeline server with sessions in memory. The `name` in the query of a url is the identity, if there is one. */
export interface SessionServer {
  readonly url: string;
  readonly port: number;
  /** The messages that were handled, each with who sent it: `ada: hello`. */
  readonly handled: () => Promise<readonly string[]>;
  /** Stops as in a crash: links end without a close frame, and what it knew of sessions is forgotten. */
  stops(): Promise<void>;
  /** Starts again on the same port. */
  starts(): Promise<void>;
}

/** Starts one on its own port. @param patience - How long each handler takes, in milliseconds. */
export async function startSessionServer(patience = 0): Promise<SessionServer> {
  const handled: string[] = [];
  let companion: LifelineServer;
  let http = createServer();
  let port = 0;

  async function starts(): Promise<void> {
    http = createServer();
    companion = createLifelineServer({
      server: http,
      origins: () => true,
      authenticate: ({ url = '' }) => new URLSearchParams(url.split('?')[1]).get('name'),
      sessions: memorySessions(),
    });
    companion.on('message', async (client, message) => {
      handled.push(`${client.id}: ${String(message)}`);
      if (patience > 0) await new Promise((resolve) => setTimeout(resolve, patience));
    });
    port = await listen(http, port);
  }

  await starts();
  return {
    url: `ws://127.0.0.1:${port}/`,
    port,
    starts,
    handled: async () => handled,
    async stops() {
      for (const client of companion.clients) client.socket.terminate();
      const closed = once(http, 'close');
      http.close();
      http.closeAllConnections();
      await companion.close();
      await closed;
    },
  };
}
