import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** A block of a page: the page, and the name of the block. */
const BLOCK = /^(.*\/docs\/[\w-]+\.md)\/(.*)$/;

/** The package by its name, from the source. And the one Buffer of Node, which packages outside of Vite have, too. */
export const ownSource = [
  { find: /^buffer$/, replacement: 'node:buffer' },
  { find: /^react-lifeline$/, replacement: join(root, 'src/index.ts') },
  { find: /^react-lifeline\/(.*)$/, replacement: join(root, 'src/$1.ts') },
];

/**
 * Makes the code of the pages in docs/ importable, so that what is documented is what runs: `protocols.md/mqtt.ts` is the
 * block that begins with `// mqtt.ts`, and the blocks import each other as files of one folder.
 */
export const pageCode: Plugin = {
  name: 'page-code',
  enforce: 'pre',
  resolveId(id, importer) {
    if (/^[\w-]+\.md\//.test(id)) return join(root, 'docs', id);
    const [, page] = BLOCK.exec(importer ?? '') ?? [];
    return page && id.startsWith('./') ? join(page, id.replace(/\.js$/, '.ts')) : null;
  },
  load(id) {
    const [, page = '', name = ''] = BLOCK.exec(id) ?? [];
    if (!page) return null;
    const blocks = readFileSync(page, 'utf8').split(/^```.*\n/m);
    const block = blocks.find((text) => text.startsWith(`// ${name}\n`));
    if (block === undefined) throw new Error(`${page} has no block that begins with "// ${name}".`);
    return block;
  },
};
