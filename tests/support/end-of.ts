import {
  type ConnectionOptions,
  createConnection,
  type WebSocketConstructor,
} from '../../src/core.ts';
import type { End } from './bad-input.ts';
import { reaches } from './reaches.ts';

const LOOPBACK = /^wss?:\/\/([^@/]*@)?(127\.\d+\.\d+\.\d+|\[::1\])[:/]/;

/** A WebSocket class that counts its sockets and refuses any address outside this machine. */
export function keepLocal(Base: WebSocketConstructor) {
  const sockets: InstanceType<WebSocketConstructor>[] = [];
  const refused: string[] = [];
  class Local extends Base {
    constructor(...[url, protocols]: ConstructorParameters<WebSocketConstructor>) {
      const { href = '' } = URL.canParse(url) ? new URL(url) : {};
      if (/^wss?:/.test(href) && !LOOPBACK.test(href)) {
        refused.push(href);
        throw new Error('The address is outside this machine.');
      }
      super(url, protocols);
      sockets.push(this);
    }
  }
  const open = () => sockets.filter(({ readyState }) => readyState < 3).length;
  return { WebSocket: Local, open, refused };
}

/** What becomes of a connection with these options; it is closed afterwards. */
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
