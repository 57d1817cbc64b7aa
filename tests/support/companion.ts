import { once } from 'node:events';
import { createServer } from 'node:http';
import { createLifelineServer, type LifelineServer, memoryPresence } from '../../src/server.ts';
import { listen } from './listen.ts';

/**
 * A lifeline server for clients in a browser. The `name` in the query of a url is the identity. A message of a client
 * subscribes it to the topic with this name.
 */
export interface CompanionServer {
  readonly url: string;
  readonly port: number;
  /** Who is online, in alphabetical order. */
  online(): Promise<readonly string[]>;
  /** The names that clients sent in their pings, in alphabetical order. */
  named(): Promise<readonly string[]>;
  /** Sends a text frame to all clients. */
  says(text: string): Promise<void>;
  /** Closes all clients, spread over `drain` milliseconds, and then restarts. */
  restarts(drain: number): Promise<void>;
  stops(): Promise<void>;
}

/** Starts one on its own port. @param grace - The grace of its presence, in milliseconds. */
export async function startCompanion(grace = 300): Promise<CompanionServer> {
  let companion: LifelineServer;
  let http = createServer();

  async function start(port = 0): Promise<number> {
    http = createServer();
    companion = createLifelineServer({
      server: http,
      origins: () => true,
      authenticate: ({ url = '' }) => new URLSearchParams(url.split('?')[1]).get('name'),
      presence: memoryPresence({ grace }),
      describe: (name) => ({ name: name.toUpperCase() }),
    });
    companion.on('message', (client, topic) => companion.subscribe(client, String(topic)));
    return listen(http, port);
  }

  async function stop(drain: number): Promise<void> {
    await companion.close({ drain });
    const closed = once(http, 'close');
    http.close();
    http.closeAllConnections();
    await closed;
  }

  const port = await start();
  return {
    url: `ws://127.0.0.1:${port}/`,
    port,
    online: async () => companion.presence.list().toSorted(),
    named: async () => Array.from(companion.clients, ({ name }) => String(name)).toSorted(),
    says: async (text) => companion.broadcast(text),
    async restarts(drain) {
      await stop(drain);
      await start(port);
    },
    stops: () => stop(0),
  };
}
