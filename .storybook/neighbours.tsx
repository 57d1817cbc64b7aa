import { use, Suspense } from 'react';

interface Entry {
  readonly id: string;
  readonly type: 'story' | 'docs';
  readonly title: string;
  readonly tags?: readonly string[];
}

let entries: Promise<readonly Entry[]> | undefined;

/** All pages of the sidebar, in its order. Without the list, as in a test, there are none. */
async function loadEntries(): Promise<readonly Entry[]> {
  try {
    const response = await fetch('./index.json');
    const index = (await response.json()) as { entries: Record<string, Entry> };
    return Object.values(index.entries).filter(({ tags }) => tags?.includes('dev'));
  } catch {
    return [];
  }
}

/** Links to the page before and to the page after this one, as in the sidebar. */
export function Neighbours({ id }: { id: string }) {
  entries ??= loadEntries();
  return (
    <Suspense>
      <Links id={id} entries={entries} />
    </Suspense>
  );
}

function Links(props: { id: string; entries: Promise<readonly Entry[]> }) {
  const all = use(props.entries);
  const here = all.findIndex(({ id }) => id === props.id);
  if (here < 0) return null;
  return (
    <nav className="ui-neighbours sb-unstyled" aria-label="Next and previous page">
      <NeighbourLink label="Previous" entry={all[here - 1]} />
      <NeighbourLink label="Next" entry={all[here + 1]} />
    </nav>
  );
}

function NeighbourLink({ label, entry }: { label: string; entry: Entry | undefined }) {
  if (!entry) return <span />;
  const { type, id, title } = entry;
  return (
    <a href={`./?path=/${type}/${id}`} target="_parent">
      <span>{label}</span>
      {title.split('/').at(-1)}
    </a>
  );
}
