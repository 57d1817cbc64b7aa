// The bench: `npm run bench`. Finds the browser and starts the driver.
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundleFiles } from '../support/bundle.mjs';
import { chromiumArgs, chromiumHelp, findChromium } from '../support/chromium.mjs';

// The native code that a package of tests/interop brings: most servers have none.
process.env.WS_NO_BUFFER_UTIL = '1';

const source = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));

const cache = await bundleFiles('bench', [`${source}main.ts`, `${source}server.ts`]);
const found = await findChromium();
if (!found) throw new Error(chromiumHelp);
const { main } = await import(pathToFileURL(`${cache}/main.mjs`).href);
await main({ root, source, cache, chromium: found.path, chromiumArgs });
