import { join } from 'node:path';
import preset from '@size-limit/preset-small-lib';
import sizeLimit from 'size-limit';
import type { Import } from './libraries/index.ts';

/**
 * What a library adds to an app that has React already, in bytes after gzip. Weighed by size-limit, so that it is the
 * figure of `npm run size`; ours is the production build, which `npm run bench` makes first.
 */
export async function weigh(root: string, cache: string, { names, from }: Import): Promise<number> {
  const path = from.startsWith('.') ? join(root, from) : from;
  const check = {
    files: [],
    import: { [path]: names },
    ignore: ['react', 'react-dom'],
    gzip: true,
  };
  // From the folder that it would take by itself, no package is found.
  const config = { saveBundle: join(cache, 'weighed'), cleanDir: true, checks: [check] };
  const [weighed] = (await sizeLimit(preset, config)) as readonly { readonly size: number }[];
  if (!weighed) throw new Error(`size-limit has not weighed ${from}.`);
  return weighed.size;
}
