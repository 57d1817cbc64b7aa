import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { storyNameFromExport, toId } from 'storybook/internal/csf';
import { expect, test } from 'vitest';
import { packedFiles } from '../support/packed-files.ts';
import { chinesePages, headingsOf, linksOf, pages, read, root } from '../support/papers.ts';

const published = ['README.md', 'README.zh-CN.md', ...pages, ...chinesePages];

test('every relative link points to an existing file and heading', () => {
  for (const paper of [
    ...published,
    'CONTRIBUTING.md',
    'PROTOCOL.md',
    'SECURITY.md',
    'CHANGELOG.md',
  ])
    for (const { to, anchor } of linksOf(paper)) {
      if (to.includes(':')) continue;
      expect({ paper, to, exists: existsSync(join(root, to)) }).toEqual({
        paper,
        to,
        exists: true,
      });
      if (anchor === undefined) continue;
      const anchors = headingsOf(to).map((heading) => heading.anchor);
      expect({ paper, to, anchors }).toEqual({
        paper,
        to,
        anchors: expect.arrayContaining([anchor]) as unknown,
      });
    }
});

test('every file that README and docs link to is in the package', () => {
  const packed = new Set(packedFiles());
  const linked = published.flatMap((paper) => linksOf(paper).map(({ to }) => to));
  const missing = [...published, ...linked].filter((to) => !to.includes(':') && !packed.has(to));
  expect(missing).toEqual([]);
});

test('every page of the docs begins with a list of its headings', () => {
  for (const page of pages) {
    const [title, ...headings] = headingsOf(page);
    expect(title?.level).toBe(1);
    expect(new Set(headings.map(({ anchor }) => anchor)).size).toBe(headings.length);
    const [contents = ''] = /^(?:- \[.*\n)+/m.exec(read(page)) ?? [];
    const listed = headings
      .filter(({ level }) => level === 2)
      .map((heading) => `- [${heading.title}](#${heading.anchor})\n`);
    expect({ page, contents }).toEqual({ page, contents: listed.join('') });
  }
});

test('the README links to every page of the docs', () => {
  const linked = linksOf('README.md').map(({ to }) => to);
  expect(linked).toEqual(expect.arrayContaining([...pages]));
});

test('every story shown in the docs exists', () => {
  const stories: string[] = [];
  for (const path of readdirSync(join(root, 'stories'), { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.stories.tsx')) continue;
    const text = read(join('stories', path));
    const [, title = ''] = /^ {2}title: '(.*)',$/m.exec(text) ?? [];
    for (const [, name = ''] of text.matchAll(/^export const (\w+)/gm))
      stories.push(toId(title, storyNameFromExport(name)));
  }
  const shown = pages.flatMap((page) =>
    [...read(page).matchAll(/^<!-- story: (.*) -->$/gm)].map(([, id = '']) => id),
  );
  expect(shown.length).toBeGreaterThan(10);
  expect(stories).toEqual(expect.arrayContaining(shown));
});
