import type { ReactNode } from 'react';

/** A frame in which a table scrolls that is wider than the page. */
export function TableFrame({ label, children }: { label: string; children: ReactNode }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the keyboard scrolls what has the focus
    <section className="docs-scroll sb-unstyled" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
