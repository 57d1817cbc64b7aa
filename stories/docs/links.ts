const pathOf = (href: string, file: string) => new URL(href, `file:///${file}`);

/** The path of a file of this repository to which another one, `file`, refers. */
export const resolvePath = (href: string, file: string): string => pathOf(href, file).pathname;

/** Where a link in a file of this repository leads in Storybook; null where Storybook does not show the target. */
export function storybookLink(href: string, file: string): string | null {
  if (/^(?:https?:|#)/.test(href)) return href;
  const { pathname, hash } = pathOf(href, file);
  if (pathname === '/README.md') return `?path=/docs/getting-started--docs${hash}`;
  const [, page] = /^\/docs\/([\w-]+)\.md$/.exec(pathname) ?? [];
  return page ? `?path=/docs/docs-${page}--docs${hash}` : null;
}
