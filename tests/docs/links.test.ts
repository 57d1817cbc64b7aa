import { expect, test } from 'vitest';
import { resolvePath, storybookLink } from '../../stories/docs/links.ts';

test.for([
  ['docs/topics.md', 'options.md', '?path=/docs/docs-options--docs'],
  ['docs/topics.md', 'server.md#topics', '?path=/docs/docs-server--docs#topics'],
  ['docs/topics.md', '../README.md#size', '?path=/docs/getting-started--docs#size'],
  ['README.md', 'docs/from-partysocket.md', '?path=/docs/docs-from-partysocket--docs'],
] as const)('in %s, the link %s points to a page of Storybook', ([file, href, to]) => {
  expect(storybookLink(href, file)).toBe(to);
});

test.for(['#usetopic', 'https://example.com/docs/topics.md'])(
  'the link %s is not changed',
  (href) => {
    expect(storybookLink(href, 'docs/topics.md')).toBe(href);
  },
);

test.for(['../PROTOCOL.md', 'zh-CN/topics.md', '../src/index.ts'])(
  '%s is not in Storybook and gets no link',
  (href) => {
    expect(storybookLink(href, 'docs/topics.md')).toBe(null);
  },
);

test('the path of a picture is resolved against the file that shows it', () => {
  expect(resolvePath('images/state-model.svg', 'docs/state-model.md')).toBe(
    '/docs/images/state-model.svg',
  );
});
