import { createReadStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const SITE = fileURLToPath(new URL('../storybook-static', import.meta.url));
const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Serves the built stories: files only, without WebSockets. `entries` are its stories and docs pages. */
export async function serveSite() {
  const index = join(SITE, 'index.json');
  if (!existsSync(index))
    throw new Error('There is no static site. `npm run build:storybook` builds it.');
  const { entries } = JSON.parse(await readFile(index, 'utf8'));
  const server = createServer((request, response) => {
    const path = join(SITE, normalize(decodeURIComponent(request.url.split('?')[0])));
    response.setHeader('Content-Type', TYPES[extname(path)] ?? 'application/octet-stream');
    createReadStream(path)
      .on('error', () => response.writeHead(404).end()) // no such file, or a folder
      .pipe(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    entries: Object.values(entries),
    close: () => server.close(),
  };
}
