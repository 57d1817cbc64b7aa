import { expect, test } from 'vitest';
import { resolvePath, storybookLink } from '../../stories/docs/links.ts';

test.for([
  ['docs/topics.md', 'options.md', '?path=/docs/docs-options--docs'],
  ['docs/topics.md', 'server.md#topics', '?path=/docs/docs-server--docs#topics'],
  ['docs/topics.md', '../README.md#size', '?path=/docs/getting-started--docs#size'],
  ['README.md', 'docs/from-partysocket.md', '?path=/docs/docs-from-partysocket--docs'],
] as const)('from %s, %s leads to a page of Storybook', ([file, href, to]) => {
  expect(storybookLink(href, file)).toBe(to);
});

test.for(['#usetopic', 'https://example.com/docs/topics.md'])('%s leads where it did', (href) => {
  expect(storybookLink(href, 'docs/topics.md')).toBe(href);
});

test.for(['../PROTOCOL.md', 'zh-CN/topics.md', '../src/index.ts'])(
  '%s is not in Storybook, so there is no link',
  (href) => {
    expect(storybookLink(href, 'docs/topics.md')).toBe(null);
  },
);

test('a picture is found from the file that shows it', () => {
  expect(resolvePath('images/state-model.svg', 'docs/state-model.md')).toBe(
    '/docs/images/state-model.svg',
  );
});
