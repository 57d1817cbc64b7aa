'use client';

import type { JSX, ReactNode } from 'react';

interface ScrollerProps {
  readonly name: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A part that scrolls when its content is higher. It has a name, and the keys scroll it. */
export function Scroller({ name, className = '', children }: ScrollerProps): JSX.Element {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- without the focus, keys could not scroll it
    <section className={`scroller ${className}`} aria-label={name} tabIndex={0}>
      {children}
    </section>
  );
}
