import {
  AnchorMdx,
  Canvas,
  CodeOrSourceMdx,
  DocsContext,
  HeadersMdx,
  Markdown,
} from '@storybook/addon-docs/blocks';
import { type ComponentProps, Fragment, useContext } from 'react';
import { useTheme } from 'storybook/theming';
import { DelayPlot } from './delay-plot.tsx';
import { resolvePath, storybookLink } from './links.ts';
import { StateDiagram } from './state-diagram.tsx';
import { useScrollToHeading } from './use-scroll-to-heading.ts';

const texts = import.meta.glob<string>(['/README.md', '/docs/*.md'], {
  query: '?raw',
  import: 'default',
  eager: true,
});
const images = import.meta.glob<string>('/docs/images/*', {
  query: '?url',
  import: 'default',
  eager: true,
});
const parts = { 'delay-plot': DelayPlot, 'state-diagram': StateDiagram };

type StoryExport = NonNullable<ComponentProps<typeof Canvas>['of']>;

/**
 * A markdown file of this repository as a page of Storybook. A line `<!-- story: id -->` becomes that story, one of
 * `stories`. A line `<!-- part: name -->` becomes that part, in place of the block below it, which a code host shows.
 */
export function MarkdownPage({
  file,
  stories = [],
}: {
  file: string;
  stories?: readonly StoryExport[];
}) {
  useScrollToHeading(stories.length);
  const text = texts[`/${file}`];
  if (text === undefined) throw new Error(`There is no ${file}. Create it, or delete this page.`);
  const overrides = {
    ...HeadersMdx,
    code: Code,
    a: { component: Link, props: { file } },
    table: Table,
    img: { component: Image, props: { file } },
    source: { component: ImageSource, props: { file } },
    LiveStory: { component: LiveStory, props: { stories } },
    Part,
  };
  return (
    <Markdown options={{ wrapper: Fragment, slugify, overrides }}>
      {text
        .replaceAll(/^<!-- story: (.+) -->$/gm, '<LiveStory id="$1" />')
        .replaceAll(/^<!-- part: (.+) -->\n\n(?:.+\n)+/gm, '<Part name="$1" />\n')}
    </Markdown>
  );
}

/** The anchor of a heading, as code hosts make it. */
function slugify(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-');
}

interface InFile {
  /** The file in which it stands. */
  readonly file: string;
}

/** Code within a line may be wrapped in the file; Storybook would take it for a block. A block has a language. */
function Code({ className, children }: { className?: string; children: string }) {
  if (className) return <CodeOrSourceMdx className={className}>{children}</CodeOrSourceMdx>;
  return <CodeOrSourceMdx>{children.replaceAll('\n', ' ')}</CodeOrSourceMdx>;
}

function Link({ file, href = '', children }: ComponentProps<'a'> & InFile) {
  const target = storybookLink(href, file);
  return target === null ? (
    children
  ) : (
    <AnchorMdx href={target} target="_parent">
      {children}
    </AnchorMdx>
  );
}

function Table({ children }: ComponentProps<'table'>) {
  return (
    <div className="docs-table sb-unstyled">
      <table>{children}</table>
    </div>
  );
}

function Image({ file, src = '', alt = '', ...rest }: ComponentProps<'img'> & InFile) {
  return <img {...rest} alt={alt} src={imageOf(src, file)} />;
}

/** The dark twin of a picture, chosen by the toolbar and not by the system. */
function ImageSource({ file, srcSet = '' }: ComponentProps<'source'> & InFile) {
  const { base } = useTheme();
  return <source srcSet={imageOf(srcSet, file)} media={base === 'dark' ? 'all' : 'not all'} />;
}

function imageOf(src: string, file: string): string {
  const path = resolvePath(src, file);
  const url = images[path];
  if (url === undefined) throw new Error(`There is no ${path}, which ${file} shows.`);
  return url;
}

function LiveStory({ id, stories }: { id: string; stories: readonly StoryExport[] }) {
  const docs = useContext(DocsContext);
  const found = stories.find((of) => docs.resolveOf(of, ['story']).story.id === id);
  if (!found)
    throw new Error(`There is no story ${id} here. Give it to <MarkdownPage> in "stories".`);
  return <Canvas of={found} sourceState="hidden" />;
}

function Part({ name }: { name: keyof typeof parts }) {
  const Found = parts[name];
  if (!Found)
    throw new Error(`There is no part "${name}". Parts: ${Object.keys(parts).join(', ')}.`);
  return <Found />;
}
