import { createReadStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createGzip } from 'node:zlib';

const SITE = fileURLToPath(new URL('../storybook-static', import.meta.url));
/** The site must work wherever it is put. */
const FOLDER = '/a/folder';
const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Serves the built stories in a folder: files only, without WebSockets. `entries` are its stories and docs pages. */
export async function serveSite() {
  const index = join(SITE, 'index.json');
  if (!existsSync(index))
    throw new Error('There is no static site. `npm run build:storybook` builds it.');
  const { entries } = JSON.parse(await readFile(index, 'utf8'));
  const server = createServer((request, response) => {
    const address = decodeURIComponent(request.url.split('?')[0]);
    const path = normalize(address.replace(/\/$/, '/index.html'));
    if (!path.startsWith(`${FOLDER}/`)) return response.writeHead(404).end();
    const type = TYPES[extname(path)] ?? 'application/octet-stream';
    response.setHeader('Content-Type', type);
    const file = createReadStream(join(SITE, path.slice(FOLDER.length)));
    file.on('error', () => response.writeHead(404).end()); // no such file, or a folder
    file.once('open', () => {
      // What is text comes compressed, as from every host of static sites.
      if (!/^text|json|svg/.test(type)) return file.pipe(response);
      response.setHeader('Content-Encoding', 'gzip');
      file.pipe(createGzip()).pipe(response);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}${FOLDER}`,
    entries: Object.values(entries),
    close: () => server.close(),
  };
}
