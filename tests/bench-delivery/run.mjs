// The bench of delivery: `npm run bench:delivery`.
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundleFiles } from '../support/bundle.mjs';

// The native code that a package of tests/interop brings: most servers have none.
process.env.WS_NO_BUFFER_UTIL = '1';

const source = fileURLToPath(new URL('.', import.meta.url));
const cache = await bundleFiles(
  'bench-delivery',
  ['main', 'cut-server', 'cut-clients', 'cost-server', 'cost-clients'].map(
    (name) => `${source}${name}.ts`,
  ),
);
const { main } = await import(pathToFileURL(`${cache}/main.mjs`).href);
await main(cache, source);
