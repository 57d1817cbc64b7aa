import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { selfSigned } from './certificate.ts';
import type { Entry } from './record.ts';

/** A web server with a page that opens a connection and sends back a record of it. */
export interface Site {
  readonly origin: string;
  /** The record that the page has sent so far. */
  record(): readonly Entry[];
  stops(): Promise<void>;
}

/** The path of another page, without a script. */
export const AWAY = '/away';

/** The path of a page that has the page of the site prerendered, and goes there after a second. */
export const AHEAD = '/ahead';

/** The scripts of the pages other than that of the site. */
const SCRIPTS: Readonly<Record<string, string>> = {
  [AWAY]: '',
  [AHEAD]: `<script>
    const url = '/' + location.hash;
    const rules = document.createElement('script');
    rules.type = 'speculationrules';
    rules.text = JSON.stringify({ prerender: [{ urls: [url], eagerness: 'immediate' }] });
    document.head.append(rules);
    setTimeout(() => location.assign(url), 1_000);
  </script>`,
};

const SCRIPT = fileURLToPath(new URL('page-script.ts', import.meta.url));

/** Starts a site whose page has these response headers. For https, the certificate is self-signed. */
export async function startSite(
  scheme: 'http' | 'https',
  headers: Record<string, string>,
): Promise<Site> {
  const { outputFiles } = await build({
    entryPoints: [SCRIPT],
    bundle: true,
    format: 'esm',
    write: false,
  });
  let newest: readonly Entry[] = [];

  const answer: RequestListener = async (request, response) => {
    if (request.method === 'POST') {
      // A closing window may cut a request off.
      const record = JSON.parse(await text(request).catch(() => '[]')) as Entry[];
      // Each is the whole record so far, and one may overtake another.
      if (record.length > newest.length) newest = record;
      response.end();
    } else if (request.url === '/script.js') {
      response.setHeader('Content-Type', 'text/javascript').end(outputFiles[0]?.text);
    } else {
      const script =
        SCRIPTS[request.url ?? ''] ?? '<script type="module" src="/script.js"></script>';
      response.setHeaders(new Map(Object.entries(headers)));
      response.setHeader('Content-Type', 'text/html').end(`<!doctype html>${script}`);
    }
  };

  const server =
    scheme === 'https'
      ? createHttpsServer(selfSigned('127.0.0.1'), answer)
      : createHttpServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `${scheme}://127.0.0.1:${port}`,
    record: () => newest,
    async stops() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
