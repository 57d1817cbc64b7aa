// The bench: `npm run bench`. Bundles what runs in Node, since Node 20 reads no TypeScript, and hands it the browser.
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { chromiumArgs, chromiumHelp, findChromium } from '../support/chromium.mjs';

const source = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));
const cache = fileURLToPath(new URL('../../node_modules/.cache/bench', import.meta.url));

await build({
  entryPoints: [`${source}main.ts`, `${source}server.ts`],
  outdir: cache,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
});
const found = await findChromium();
if (!found) throw new Error(chromiumHelp);
const { main } = await import(pathToFileURL(`${cache}/main.mjs`).href);
await main({ root, source, cache, chromium: found.path, chromiumArgs });
