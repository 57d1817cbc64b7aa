import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createConnection } from '../../src/core.ts';
import { bundleText } from '../support/bundle.mjs';
import { reaches } from '../support/reaches.ts';
import { startWsServer } from '../support/ws-server.ts';
import { test } from './fixtures.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs a module in its own Node process until that ends by itself, and returns its output. */
async function run(script: string): Promise<string> {
  const args = ['--input-type=module', '--eval', await bundleText(script)];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: root,
    timeout: 20_000,
  });
  return stdout;
}

test('a process ends by itself after its open, connecting and waiting connections are closed', async ({
  server,
  proxy,
}) => {
  await proxy.neverAnswers();
  const output = await run(`
    import { WebSocket } from 'ws';
    import { createConnection } from './src/core.ts';

    const heartbeat = { interval: 60_000 };
    const reconnect = { minDelay: 60_000 };
    const urls = ['${server.url}', '${proxy.url}', 'ws://127.0.0.1:1/'];
    const connections = urls.map((url) =>
      createConnection({ WebSocket, url, heartbeat, reconnect, connectTimeout: 60_000 }),
    );
    const [open, , waiting] = connections;
    let done = false;
    const check = () => {
      if (done || open.getSnapshot().status !== 'open' || waiting.getSnapshot().retryAt === null)
        return;
      done = true;
      console.log(connections.map(({ getSnapshot }) => getSnapshot().status).join());
      for (const { close } of connections) close();
    };
    for (const { subscribe, open } of connections) {
      subscribe(check);
      open();
    }
    process.on('exit', () => {
      console.log(connections.map(({ getSnapshot }) => getSnapshot().status).join());
    });
  `);
  expect(output.trim().split('\n')).toEqual([
    'open,connecting,reconnecting',
    'closed,closed,closed',
  ]);
});

test('an error of an abandoned socket does not end the process', async ({ proxy }) => {
  await proxy.neverAnswers();
  const output = await run(`
    import { WebSocket } from 'ws';
    import { createConnection } from './src/core.ts';

    const connection = createConnection({ WebSocket, url: '${proxy.url}', connectTimeout: 20 });
    connection.on('close', () => connection.close());
    connection.open();
    process.on('exit', (code) => console.log(String(code), connection.getSnapshot().status));
  `);
  expect(output).toBe('0 closed\n');
});

test.for([
  ['close() has waited for closeTimeout', `connection.close();`, ``],
  [
    'the heartbeat has found it dead',
    ``,
    `closeTimeout: 60_000, heartbeat: { interval: 20, timeout: 20 }, reconnect: false`,
  ],
  ['its link was replaced by reconnect()', `connection.reconnect(); connection.close();`, ``],
  ['its last holder has left', `release();`, `linger: 0`],
] as const)(
  'a silent peer does not keep the process alive after %s (fault 66)',
  async ([, end, options]) => {
    // It never reads, so it never answers a close frame.
    const silent = await startWsServer((socket) => socket.pause());
    onTestFinished(() => silent.stops());
    const output = await run(`
      import { WebSocket } from 'ws';
      import { createConnection } from './src/core.ts';

      const connection = createConnection({
        WebSocket, url: '${silent.url}', closeTimeout: 100, ${options}
      });
      let opened = 0;
      const release = connection.retain();
      connection.on('open', () => {
        if (opened) return;
        opened = performance.now();
        setTimeout(() => { ${end} });
      });
      process.on('exit', () => console.log(performance.now() - opened));
    `);
    // Otherwise, ws waits for 30 s.
    expect(Number(output)).toBeGreaterThan(0);
    expect(Number(output)).toBeLessThan(20_000);
  },
);

test('a link that is replaced still sends its close frame (fault 66)', async () => {
  const codes: number[] = [];
  const server = await startWsServer((socket) => socket.on('close', (code) => codes.push(code)));
  onTestFinished(() => server.stops());
  const connection = createConnection({ WebSocket, url: server.url, closeTimeout: 100 });
  onTestFinished(() => connection.close());
  connection.open();
  await reaches(connection, 'open');
  connection.reconnect();
  await reaches(connection, 'open');
  await vi.waitFor(() => expect(codes).toEqual([1000]));
});

test('a connection without a WebSocket class ends in closed, with a cause that says so (fault 10)', async () => {
  const output = await run(`
    import { createConnection } from './src/core.ts';

    delete globalThis.WebSocket;
    const connection = createConnection({ url: 'ws://127.0.0.1:1/' });
    connection.open();
    const { status, cause } = connection.getSnapshot();
    console.log(status, cause.kind, cause.message);
  `);
  expect(output).toMatch(/^closed error .*no WebSocket/);
});

test('an abandoned socket keeps one error listener and no other', async ({ server }) => {
  const connection = createConnection({ WebSocket, url: server.url });
  connection.open();
  await reaches(connection, 'open');
  const { socket } = connection;
  connection.close();
  await reaches(connection, 'closed');
  expect(socket).toBeInstanceOf(WebSocket);
  const counts = ['open', 'message', 'close', 'error'].map((type) =>
    (socket as unknown as WebSocket).listenerCount(type),
  );
  expect(counts).toEqual([0, 0, 0, 1]);
});
