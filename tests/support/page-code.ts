import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));
const PAGE = join(root, 'docs/protocols.md');

/** The package by its name, from the source. And the one Buffer of Node, which packages outside of Vite have, too. */
export const ownSource = [
  { find: /^buffer$/, replacement: 'node:buffer' },
  { find: /^react-lifeline$/, replacement: join(root, 'src/index.ts') },
  { find: /^react-lifeline\/(.*)$/, replacement: join(root, 'src/$1.ts') },
];

/**
 * Makes the code of docs/protocols.md importable, so that what is documented is what runs: `protocols.md/mqtt.ts` is the
 * block that begins with `// mqtt.ts`, and the blocks import each other as files of one folder.
 */
export const pageCode: Plugin = {
  name: 'page-code',
  enforce: 'pre',
  resolveId(id, importer) {
    if (id.startsWith('protocols.md/')) return join(root, 'docs', id);
    if (id.startsWith('./') && importer?.startsWith(PAGE))
      return join(PAGE, id.replace(/\.js$/, '.ts'));
    return null;
  },
  load(id) {
    if (!id.startsWith(PAGE)) return null;
    const name = id.slice(PAGE.length + 1);
    const blocks = readFileSync(PAGE, 'utf8').split(/^```.*\n/m);
    const block = blocks.find((text) => text.startsWith(`// ${name}\n`));
    if (block === undefined) throw new Error(`${PAGE} has no block that begins with "// ${name}".`);
    return block;
  },
};
