import { onTestFinished, test as base } from 'vitest';
import {
  type AnyIdentity,
  createLifelineServer,
  type LifelineServer,
  type ServerOptions,
} from '../../src/server.ts';
import { Visitor, type VisitorOptions } from '../support/server/visitor.ts';

/** A server on its own port, with helpers to connect to it. */
export interface Started<Identity extends AnyIdentity, In, Out> {
  readonly server: LifelineServer<Identity, In, Out>;
  readonly url: string;
  /** The errors of its `error` event. A test that does not read them expects none. */
  readonly errors: Error[];
  /** Connects a client. With {@link byPath}, its path is its name. */
  visit(path?: string, options?: VisitorOptions): Promise<Visitor>;
  /** The HTTP status of an upgrade. */
  statusOf(path?: string, options?: VisitorOptions): Promise<number>;
}

/** An `authenticate` that uses the path of a url as the name. */
export const byPath: NonNullable<ServerOptions['authenticate']> = ({ url = '/' }) =>
  decodeURIComponent(url.slice(1)) || null;

async function startServer<
  Identity extends AnyIdentity = string,
  In = string | Buffer,
  Out = string | Uint8Array,
>(options: ServerOptions<Identity, In, Out>): Promise<Started<Identity, In, Out>> {
  const server = createLifelineServer<Identity, In, Out>({
    port: 0,
    host: '127.0.0.1',
    origins: [null],
    ...options,
  });
  const errors: Error[] = [];
  let areRead = false;
  server.on('error', (error) => errors.push(error));
  onTestFinished(() => {
    if (!areRead) errors.forEach((error) => console.error(error));
  });
  const port = await new Promise<number>((resolve) => server.on('listening', resolve));
  const url = `ws://127.0.0.1:${port}`;
  const open = (path = '/', with_: VisitorOptions = {}) => new Visitor(`${url}${path}`, with_);
  return {
    server,
    url,
    get errors() {
      areRead = true;
      return errors;
    },
    async visit(path, with_) {
      const visitor = open(path, with_);
      const status = await visitor.status;
      if (status !== 101) throw new Error(`The upgrade was answered with ${status}.`);
      return visitor;
    },
    async statusOf(path, with_) {
      const { socket, status } = open(path, with_);
      return status.finally(() => socket.terminate());
    },
  };
}

/** Gives a test a function that starts servers. */
export const test = base.extend<{ start: typeof startServer }>({
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads the parameter to know what a fixture needs
  start: async ({}, use) => {
    const servers: {
      close(): Promise<void>;
      clients: ReadonlySet<{ socket: { terminate(): void } }>;
    }[] = [];
    await use(async (options) => {
      const started = await startServer(options);
      servers.push(started.server);
      return started;
    });
    for (const server of servers) {
      for (const { socket } of server.clients) socket.terminate();
      await server.close();
    }
  },
});
