import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const filesOf = (folder: string, end: string): string[] =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder))
        .filter((name) => name.endsWith(end))
        .map((name) => `${folder}/${name}`)
    : [];

/** The English pages, and those that are translated. */
export const pages: readonly string[] = filesOf('docs', '.md');
export const chinesePages: readonly string[] = filesOf('docs/zh-CN', '.md');

/** The papers whose examples an app could take over as they are. */
export const papers: readonly string[] = ['README.md', ...pages];

const BLOCK = /^```.*?^```$/gms;

/** A paper without its blocks of code. */
export const proseOf = (text: string): string => text.replaceAll(BLOCK, '');

export const blocksOf = (text: string): string[] => text.match(BLOCK) ?? [];

export interface Heading {
  readonly level: number;
  readonly title: string;
  /** As GitHub makes it. */
  readonly anchor: string;
}

export const headingsOf = (path: string): Heading[] =>
  [...proseOf(read(path)).matchAll(/^(#+) (.*)$/gm)].map(([, marks = '', title = '']) => ({
    level: marks.length,
    title,
    anchor: title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{M}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  }));

/** Where the links and pictures of a paper lead; a place in this repository is told from its root. */
export function linksOf(path: string): { readonly to: string; readonly anchor?: string }[] {
  const prose = proseOf(read(path)).replaceAll(/`[^`\n]*`/g, '');
  const targets = [...prose.matchAll(/\]\(([^)]+)\)|(?:src|srcset|href)="([^"]+)"/g)];
  return targets.map(([, link, attribute]) => {
    const target = link ?? attribute ?? '';
    if (/^\w+:/.test(target)) return { to: target };
    const [file = '', anchor] = target.split('#');
    const to = file === '' ? path : posix.join(posix.dirname(path), file);
    return anchor === undefined ? { to } : { to, anchor };
  });
}

/** The rows of the first table below a heading, or a line that starts as given, as the texts of their cells. */
export function tableBelow(path: string, start: string): string[][] {
  const [, below = ''] = read(path).split(`\n${start}`);
  const [rows = ''] = /(?:^\|.*\n)+/m.exec(below) ?? [];
  return rows
    .trim()
    .split('\n')
    .slice(2)
    .map((row) =>
      row
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim().replace(/^`(.*)`$/, '$1')),
    );
}

/** The names in the first column of a table; a cell may hold several. */
export const namesBelow = (path: string, start: string): string[] =>
  tableBelow(path, start).flatMap(([cell = '']) => cell.split('`, `'));
