import { fileURLToPath } from 'node:url';
import { build as buildByEsbuild } from 'esbuild';
import { build as buildByVite, type Rolldown } from 'vite';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

const APP = `
  import { createElement } from 'react';
  import { useWebSocket } from 'react-lifeline';
  import { WebSocketDevtools } from 'react-lifeline/devtools';
  export const App = () => [useWebSocket('/live').status, createElement(WebSocketDevtools)];
`;

/** What only devtools have, and the connections that announce themselves to them. */
const MARKS = ['react-lifeline devtools', '__REACT', 'attachShadow', '[redacted]', 'roundTrip'];

/** The bundles of an app. `mode`: what the bundler is told. */
const bundlers: Record<string, (mode: 'development' | 'production') => Promise<string>> = {
  async esbuild(mode) {
    const { outputFiles } = await buildByEsbuild({
      stdin: { contents: APP, resolveDir: root },
      bundle: true,
      write: false,
      format: 'esm',
      minify: mode === 'production',
      conditions: [mode],
      external: ['react', 'react-dom', 'react/*', 'react-dom/*'],
    });
    return outputFiles[0]?.text ?? '';
  },
  async Vite(mode) {
    const { output } = (await buildByVite({
      root,
      mode,
      configFile: false,
      logLevel: 'silent',
      plugins: [
        {
          name: 'app',
          resolveId: (id) => (id === 'app' ? `${root}app.js` : null),
          load: (id) => (id === `${root}app.js` ? APP : null),
        },
      ],
      define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
      build: {
        write: false,
        rolldownOptions: {
          input: 'app',
          external: [/^react(-dom)?(\/|$)/],
          preserveEntrySignatures: 'strict',
        },
      },
      resolve: { conditions: [mode, 'module', 'browser'] },
    })) as Rolldown.RolldownOutput;
    return output.map((chunk) => ('code' in chunk ? chunk.code : '')).join('\n');
  },
};

describe.each(Object.entries(bundlers))('%s', (_, bundle) => {
  test('puts nothing of the devtools into a bundle for production', async () => {
    const code = await bundle('production');
    expect(code).toContain('/live');
    expect(MARKS.filter((mark) => code.includes(mark))).toEqual([]);
  });

  test('puts the panel into one for development', async () => {
    const code = await bundle('development');
    expect(code).toContain('react-lifeline devtools');
    expect(code).toContain('attachShadow');
  });
});
