// The bench of the server: `npm run bench:server`. Bundles what runs in Node, since Node 20 reads no TypeScript.
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const source = fileURLToPath(new URL('.', import.meta.url));
const cache = fileURLToPath(new URL('../../node_modules/.cache/bench-server', import.meta.url));

await build({
  entryPoints: ['main', 'server', 'clients'].map((name) => `${source}/${name}.ts`),
  outdir: cache,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
});
const { main } = await import(pathToFileURL(`${cache}/main.mjs`).href);
await main(cache);
