import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { missingPrograms, startProgram } from '../support/programs.ts';
import { reaches } from '../support/reaches.ts';
import { connectWith, eventually, SOON } from '../support/recorded-connection.ts';
import { startWsServer } from '../support/ws-server.ts';

const connect = connectWith(WebSocket);

/** Both let an idle link live for a second, and a link of an old configuration for half of one. */
const CONFIGURATIONS = {
  nginx: (dir: string, port: number, target: number) => `
    daemon off;
    error_log stderr crit;
    pid ${dir}/nginx.pid;
    worker_processes 1;
    worker_shutdown_timeout 500ms;
    events {}
    http {
      access_log off;
      client_body_temp_path ${dir}/body;
      proxy_temp_path ${dir}/proxy;
      fastcgi_temp_path ${dir}/fastcgi;
      uwsgi_temp_path ${dir}/uwsgi;
      scgi_temp_path ${dir}/scgi;
      server {
        listen 127.0.0.1:${port};
        location / {
          proxy_pass http://127.0.0.1:${target};
          proxy_http_version 1.1;
          proxy_set_header Upgrade $http_upgrade;
          proxy_set_header Connection upgrade;
          proxy_read_timeout 1s;
        }
      }
    }`,
  haproxy: (_dir: string, port: number, target: number) => `
    global
      hard-stop-after 500ms
    defaults
      mode http
      timeout connect 1s
      timeout client 1s
      timeout server 1s
      timeout tunnel 1s
      retries 0
    frontend all
      bind 127.0.0.1:${port}
      default_backend app
    backend app
      server app 127.0.0.1:${target}
`,
};

const COMMANDS = {
  nginx: (dir: string) => ['-p', dir, '-e', 'stderr', '-c', join(dir, 'conf')],
  // Reloads are the business of its master process.
  haproxy: (dir: string) => ['-W', '-q', '-f', join(dir, 'conf')],
};

describe.for(['nginx', 'haproxy'] as const)('%s', (name) => {
  const isMissing = missingPrograms().includes(name);

  async function setUp() {
    const server = await startWsServer();
    const dir = await mkdtemp(join(tmpdir(), `${name}-`));
    const proxy = await startProgram(
      name,
      () => COMMANDS[name](dir),
      (port) => writeFile(join(dir, 'conf'), CONFIGURATIONS[name](dir, port, server.port)),
    );
    onTestFinished(async () => {
      await proxy.dies();
      await server.stops();
      await rm(dir, { recursive: true });
    });
    return { server, proxy, url: `ws://127.0.0.1:${proxy.port}/` };
  }

  test.skipIf(isMissing)('an idle link is cut, and a heartbeat keeps it', async () => {
    const { url, server } = await setUp();
    const idle = connect({ url, reconnect: false });
    const kept = connect({ url, heartbeat: { interval: 300, timeout: 5_000 } });
    await Promise.all([reaches(idle, 'open'), reaches(kept, 'open')]);
    await reaches(idle, 'closed');
    expect(idle.causes).toMatchObject([{ kind: 'close', code: 1006 }]);
    await vi.waitFor(
      async () => expect((await server.report()).frames).toBeGreaterThan(6),
      eventually,
    );
    expect(kept.statuses).toEqual(['connecting', 'open']);
  });

  test.skipIf(isMissing)(
    'the server behind it dies: what was said meanwhile goes out when it is back',
    async () => {
      const { url, server } = await setUp();
      const connection = connect({ url });
      await reaches(connection, 'open');
      await server.stops();
      await reaches(connection, ({ cause }) => cause?.kind === 'error');
      expect(connection.causes.at(-1)).toMatchObject({
        name: expect.stringMatching(/^HTTP 50[23]$/) as string,
      });
      expect(connection.send('while away')).toBe('queued');
      await server.starts();
      await reaches(connection, 'open');
      await vi.waitFor(() => expect(connection.messages).toEqual(['while away']), eventually);
    },
  );

  test.skipIf(isMissing)('it reloads: the link moves to its new process', async () => {
    const { url, proxy, server } = await setUp();
    const connection = connect({
      url,
      heartbeat: { interval: 300, timeout: 5_000 },
      reconnect: SOON,
    });
    await reaches(connection, 'open');
    // A master that is still busy with its start misses a signal.
    await vi.waitFor(
      () => {
        proxy.reloads();
        expect(connection.statuses).toContain('reconnecting');
      },
      { interval: 1_000, timeout: 10_000 },
    );
    await reaches(connection, 'open');
    expect((await server.report()).open).toBe(1);
  });

  test.skipIf(isMissing)('it freezes, and is left', async () => {
    const { url, proxy } = await setUp();
    const connection = connect({ url, heartbeat: { interval: 50, timeout: 200 } });
    await reaches(connection, 'open');
    proxy.freezes();
    await reaches(connection, 'reconnecting');
    expect(connection.causes).toEqual([{ kind: 'timeout', phase: 'heartbeat' }]);
  });
});
