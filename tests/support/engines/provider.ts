import { fileURLToPath } from 'node:url';
import { defineBrowserProvider } from '@vitest/browser';
import type { BrowserProviderOption } from 'vitest/node';
import type { Browser } from './browser.ts';
import { ENGINES, type EngineId } from './engines.ts';

/** Opens the tests of Vitest in an installed browser. */
export const installed = (engine: EngineId): BrowserProviderOption =>
  defineBrowserProvider({
    name: 'installed',
    options: {},
    providerFactory() {
      let browser: Browser | undefined;
      const close = async () => {
        const last = browser;
        browser = undefined;
        await last?.stops();
      };
      return {
        name: 'installed',
        supportsParallelism: false,
        initScripts: [fileURLToPath(new URL('locators.mjs', import.meta.url))],
        getCommandsContext: () => ({}),
        async openPage(_session, url) {
          await close();
          browser = await ENGINES[engine].starts(url);
        },
        close,
      };
    },
  });
