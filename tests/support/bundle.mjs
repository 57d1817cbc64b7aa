import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Node 20 does not run TypeScript. Packages are not bundled: ws and redis are CommonJS and would need a require(). */
const forNode = /** @type {const} */ ({
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
});

/** Bundles the text of a module at the root of the repository, and returns the text of the bundle. */
export async function bundleText(contents) {
  const { outputFiles } = await build({
    ...forNode,
    stdin: { contents, resolveDir: root },
    write: false,
  });
  return outputFiles[0].text;
}

/** Bundles modules into a folder of the cache, each as `….mjs`, and returns the path of that folder. */
export async function bundleFiles(name, entryPoints) {
  const outdir = `${root}node_modules/.cache/${name}`;
  await build({ ...forNode, entryPoints, outdir, outExtension: { '.js': '.mjs' } });
  return outdir;
}
