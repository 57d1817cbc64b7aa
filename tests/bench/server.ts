// The server process: serves the pages and their WebSocket connections.
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { WebSocketServer } from 'ws';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { Peer } from './peer.ts';
import type { Play } from './scenario.ts';
import { scenarioOf } from './scenarios/index.ts';

const [, , bundles = '.'] = process.argv;
const peers = new Map<string, Peer>();
const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });

/** Answers `/page/<library>/<scenario>`, `/bundle/<library>.js` and `/go/<peer>/<scenario>`. */
async function answer(path: string, body: string): Promise<[type: string, body: string]> {
  const [, what, first = '', second = ''] = path.split('/');
  if (what === 'page') return ['text/html', await pageFor(first, second)];
  if (what === 'bundle') return ['text/javascript', await readFile(join(bundles, first), 'utf8')];
  const peer = peers.get(first);
  if (!peer) throw new Error(`There is no page ${first}.`);
  const figures = await scenarioOf(second).serve?.(peer, JSON.parse(body) as Play);
  peer.received = 0;
  return ['application/json', JSON.stringify(figures ?? {})];
}

async function pageFor(library: string, scenario: string): Promise<string> {
  const proxy = scenarioOf(scenario).proxied ? await startTcpProxy(port) : null;
  const name = `peer-${peers.size}`;
  peers.set(name, new Peer(proxy));
  const data = JSON.stringify({ name, scenario, port: proxy?.port ?? port });
  return `<!doctype html>
<meta charset="utf-8" /><link rel="icon" href="data:," /><title>${library}: ${scenario}</title>
<div id="root"></div>
<script id="welcome" type="application/json">${data}</script>
<script src="/bundle/${library}.js"></script>`;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

const http = createServer(async (request, response) => {
  try {
    const [type, body] = await answer(request.url ?? '', await textOf(request));
    response.setHeader('content-type', type).end(body);
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
});

http.on('upgrade', async (request, socket, head) => {
  const [, name = '', held] = (request.url ?? '').split('/');
  const peer = peers.get(name);
  if (!peer) return void socket.destroy();
  socket.on('error', () => {}); // 'close' follows
  if (held) await peer.accepted();
  sockets.handleUpgrade(request, socket, head, (client) => {
    peer.sockets.add(client);
    peer.opened++;
    client.on('error', () => {});
    client.on('close', () => peer.sockets.delete(client));
    client.on('message', (data: Buffer) => {
      if (data.length === 4 && String(data) === 'ping') client.send('pong');
      peer.received++;
      peer.changed();
    });
    peer.changed();
  });
});

let port = 0;
http.listen(0, '127.0.0.1', () => {
  ({ port } = http.address() as AddressInfo);
  process.send?.(port);
});
process.once('disconnect', () => process.exit());
