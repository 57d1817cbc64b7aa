import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { rollup } from 'rollup';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Text of the production build that is in a bundle only with a hook, by its name. */
const MARKS: Record<string, string> = {
  useOutbox: 'outbox changes',
  useRequest: 'RequestError',
  usePresence: 'Symbol("presence")',
};

const app = (hooks: string) => `
  import { createWebSocketHooks${hooks.includes('useOutbox') ? ', useOutbox' : ''}${hooks.includes('useRequest') ? ', useRequest' : ''} } from './dist/production/index.js';
  ${hooks.includes('usePresence') ? "import { usePresence } from './dist/production/presence.js';" : ''}
  export const { WebSocketProvider, useWebSocket } = createWebSocketHooks({}, { ${hooks} });
`;

const bundlers: Record<string, (code: string) => Promise<string>> = {
  async esbuild(code) {
    const { outputFiles } = await build({
      stdin: { contents: code, resolveDir: root },
      bundle: true,
      write: false,
      format: 'esm',
      external: ['react', 'react/*'],
    });
    return outputFiles[0]?.text ?? '';
  },
  async rollup(code) {
    const bundle = await rollup({
      input: 'app',
      external: [/^react/],
      // What its plugin for packages reads in package.json.
      treeshake: { moduleSideEffects: false },
      plugins: [
        {
          name: 'app',
          resolveId: (id, from) =>
            from === undefined ? `${root}app.js` : id.startsWith('./dist/') ? `${root}${id}` : null,
          load: (id) => (id === `${root}app.js` ? code : null),
        },
      ],
      onwarn() {
        // About 'use client'.
      },
    });
    const { output } = await bundle.generate({ format: 'es' });
    return output.map((chunk) => ('code' in chunk ? chunk.code : '')).join('\n');
  },
};

describe.each(Object.entries(bundlers))('%s', (_, bundle) => {
  test.each(['', 'useOutbox', 'useRequest', 'usePresence', 'useOutbox, useRequest'])(
    'puts of the further hooks of a set-up only these into a bundle: [%s]',
    async (hooks) => {
      const code = (await bundle(app(hooks))).replaceAll("'", '"');
      const found = Object.keys(MARKS).filter((name) => code.includes(MARKS[name] as string));
      expect(found.join(', ')).toBe(hooks);
    },
  );
});
