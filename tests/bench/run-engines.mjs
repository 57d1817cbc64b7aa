// The bench in other engines: `npm run bench:engines`.
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundleFiles } from '../support/bundle.mjs';
import { chromiumArgs, chromiumHelp, findChromium } from '../support/chromium.mjs';

process.env.WS_NO_BUFFER_UTIL = '1';

const found = await findChromium();
if (!found) throw new Error(chromiumHelp);
const source = fileURLToPath(new URL('.', import.meta.url));
const cache = await bundleFiles('bench-engines', [`${source}engines.ts`, `${source}server.ts`]);
const { main } = await import(pathToFileURL(`${cache}/engines.mjs`).href);
await main({ source, cache, chromium: found.path, chromiumArgs });
