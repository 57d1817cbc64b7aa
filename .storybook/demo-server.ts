import type { Server } from 'node:http';
import type { Plugin } from 'vite';
import { createDemoServer } from '../stories/server/demo-server.ts';
import { DEMO_PATH } from '../stories/server/words.ts';

/** Storybook keeps its http server when Vite restarts: one demo server for each. */
const attached = new WeakSet<Server>();

/** The demo server, on the port of Storybook (dev) or Vitest (story tests). */
export function demoServer(): Plugin {
  return {
    name: 'demo-server',
    apply: 'serve',
    configureServer({ config, httpServer }) {
      // Storybook runs Vite as a middleware: the http server is then the one that is given for HMR.
      const { hmr } = config.server;
      const http = (httpServer ?? (typeof hmr === 'object' && hmr.server)) as Server | false;
      if (!http) return config.logger.warn('demo-server: there is no http server to attach to');
      if (attached.has(http)) return;
      attached.add(http);
      const demo = createDemoServer(
        process.env.VITEST ? undefined : (line) => config.logger.info(`demo: ${line}`),
      );
      demo.attach(http, DEMO_PATH);
      http.once('close', () => demo.close());
    },
  };
}
