import {
  type ConnectionOptions,
  createConnection,
  type WebSocketConstructor,
} from '../../src/core.ts';
import type { End } from './bad-input.ts';
import { reaches } from './reaches.ts';

const LOOPBACK = /^wss?:\/\/([^@/]*@)?(127\.\d+\.\d+\.\d+|\[::1\])[:/]/;

/** A class of sockets that remembers them, and lets none of them leave the machine. */
export function staysHere(Base: WebSocketConstructor) {
  const sockets: InstanceType<WebSocketConstructor>[] = [];
  const strayed: string[] = [];
  class Local extends Base {
    constructor(...[url, protocols]: ConstructorParameters<WebSocketConstructor>) {
      const { href = '' } = URL.canParse(url) ? new URL(url) : {};
      if (/^wss?:/.test(href) && !LOOPBACK.test(href)) {
        strayed.push(href);
        throw new Error('It would leave the machine.');
      }
      super(url, protocols);
      sockets.push(this);
    }
  }
  const open = () => sockets.filter(({ readyState }) => readyState < 3).length;
  return { WebSocket: Local, open, strayed };
}

/** How it ends with a connection of such options, which can be closed then. */
export async function endOf(options: ConnectionOptions): Promise<End | 'another error'> {
  const [connection, error] = make(options);
  if (!connection) return error instanceof TypeError ? 'TypeError' : 'another error';
  connection.open();
  const { status } = await reaches(
    connection,
    (snapshot) => /closed|idle/.test(snapshot.status) || snapshot.attempt >= 2,
  );
  connection.close();
  return status === 'reconnecting' ? 'retried' : (status as End);
}

function make(options: ConnectionOptions) {
  try {
    const quick = { connectTimeout: 50, reconnect: { minDelay: 20, baseDelay: 20 } };
    return [createConnection({ ...quick, ...options })] as const;
  } catch (error) {
    return [null, error] as const;
  }
}
