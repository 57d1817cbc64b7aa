import { gzipSync } from 'node:zlib';
import { build, type BuildOptions } from 'esbuild';

/** As an app is built for production. */
const production: BuildOptions = {
  bundle: true,
  format: 'iife',
  platform: 'browser',
  target: 'es2022',
  define: { 'process.env.NODE_ENV': '"production"' },
  logLevel: 'warning',
};

/** Bundles the page of a library into a file. */
export async function bundlePage(
  source: string,
  library: string,
  outfile: string,
  minify: boolean,
): Promise<void> {
  const contents = `
    import library from './libraries/${library}.tsx';
    import { start } from './page.tsx';
    start(library);`;
  await build({
    ...production,
    minify,
    outfile,
    stdin: { contents, resolveDir: source, loader: 'ts' },
  });
}

/** What a library adds to an app that has React already, in bytes after gzip. */
export async function weigh(root: string, imports: string): Promise<number> {
  const { outputFiles } = await build({
    ...production,
    format: 'esm',
    minify: true,
    write: false,
    external: ['react', 'react-dom'],
    stdin: { contents: imports, resolveDir: root, loader: 'ts' },
  });
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length;
}
