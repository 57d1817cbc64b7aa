import { build } from 'esbuild';

/** Bundles the page of a library into a file, as in a production build. */
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
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'warning',
    minify,
    outfile,
    stdin: { contents, resolveDir: source, loader: 'ts' },
  });
}
