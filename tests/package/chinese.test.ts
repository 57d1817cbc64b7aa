import { expect, test } from 'vitest';
import { blocksOf, chinesePages, headingsOf, linksOf, proseOf, read } from '../support/papers.ts';

const english = (path: string) => path.replace('/zh-CN/', '/').replace('.zh-CN.', '.');

/** What a translation keeps. Within a paragraph, an item or a cell, code and figures may change places. */
function skeleton(path: string) {
  const text = read(path);
  const prose = proseOf(text).replaceAll(/<img .*?>/gs, '');
  return {
    levels: headingsOf(path).map(({ level }) => level),
    blocks: blocksOf(text),
    markers: prose.match(/^<!-- .* -->$/gm),
    pieces: prose.split(/\n{2,}|\n- |(?<!\\)\|/).map((piece) =>
      piece
        .replaceAll('\n', ' ')
        // Not those within a link: its place may have another name.
        .replaceAll(/\]\([^)]*\)/g, ']')
        .match(/`[^`]+`|\d(?:[\d.,]*\d)?/g)
        ?.toSorted(),
    ),
    // A link to a heading is told by its place among them, as its name is translated.
    links: linksOf(path)
      .map(({ to, anchor }) => {
        if (anchor === undefined) return english(to);
        const place = headingsOf(to).findIndex((heading) => heading.anchor === anchor);
        return `${english(to)}, heading ${place}`;
      })
      .toSorted(),
  };
}

test.each(['README.zh-CN.md', ...chinesePages])(
  '%s has the headings, code, figures and links of the English page',
  (path) => {
    expect(skeleton(path)).toEqual(skeleton(english(path)));
  },
);
