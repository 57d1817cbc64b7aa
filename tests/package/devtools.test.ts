import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build as buildByEsbuild } from 'esbuild';
import { build as buildByVite, type Rolldown } from 'vite';
import { describe, expect, test, vi } from 'vitest';
import { webpack } from 'webpack';

const root = fileURLToPath(new URL('../..', import.meta.url));

const APP = `
  import { createElement } from 'react';
  import { useWebSocket } from 'react-lifeline';
  import { WebSocketDevtools } from 'react-lifeline/devtools';
  export const App = () => [useWebSocket('/live').status, createElement(WebSocketDevtools)];
`;

/** What only the panel and its recorder have. */
const PANEL = ['attachShadow', '[redacted]', 'roundTrip'];
/** What only connections have that announce themselves to devtools. */
const HOOK = 'react-lifeline devtools';

type Mode = 'development' | 'production';

/** The bundles of an app, as each bundler makes them for a mode. */
const bundlers: Record<string, (mode: Mode) => Promise<string>> = {
  esbuild: (mode) => bundleByEsbuild([mode]),

  async Vite(mode) {
    // Vite takes the condition from here; Vitest has set it to 'test'.
    vi.stubEnv('NODE_ENV', mode);
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
      build: {
        write: false,
        rolldownOptions: {
          input: 'app',
          external: [/^react(-dom)?(\/|$)/],
          preserveEntrySignatures: 'strict',
        },
      },
    })) as Rolldown.RolldownOutput;
    vi.unstubAllEnvs();
    return output.map((chunk) => ('code' in chunk ? chunk.code : '')).join('\n');
  },

  async webpack(mode) {
    const path = await mkdtemp(join(tmpdir(), 'devtools-'));
    const compiler = webpack({
      mode,
      context: root,
      entry: `data:text/javascript,${encodeURIComponent(APP)}`,
      output: { path, filename: 'main.js', library: { type: 'module' } },
      experiments: { outputModule: true },
      externals: [/^react(-dom)?(\/|$)/],
      devtool: false,
    });
    const stats = await promisify(compiler.run.bind(compiler))();
    expect(stats?.toJson({ all: false, errors: true }).errors).toEqual([]);
    await promisify(compiler.close.bind(compiler))();
    const code = await readFile(join(path, 'main.js'), 'utf8');
    await rm(path, { recursive: true });
    return code;
  },
};

async function bundleByEsbuild(conditions: string[]): Promise<string> {
  const { outputFiles } = await buildByEsbuild({
    stdin: { contents: APP, resolveDir: root },
    bundle: true,
    write: false,
    format: 'esm',
    minify: true,
    conditions,
    external: ['react', 'react-dom', 'react/*', 'react-dom/*'],
  });
  return outputFiles[0]?.text ?? '';
}

const found = (marks: readonly string[], code: string) =>
  marks.filter((mark) => code.includes(mark));

describe.each(Object.entries(bundlers))('%s', (_, bundle) => {
  test('puts nothing of the devtools into a bundle for production', async () => {
    const code = await bundle('production');
    expect(code).toContain('/live');
    expect(found([...PANEL, HOOK], code)).toEqual([]);
  });

  test('puts the panel into one for development', async () => {
    expect(found([...PANEL, HOOK], await bundle('development'))).toEqual([...PANEL, HOOK]);
  });
});

test('a bundler that is told no condition, as esbuild by default, leaves the panel out', async () => {
  expect(found(PANEL, await bundleByEsbuild([]))).toEqual([]);
});
