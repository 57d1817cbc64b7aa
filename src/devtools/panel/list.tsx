'use client';

// A <select> would draw all of its options, and not in columns. The list has the focus and the keys of its options.
// oxlint-disable jsx-a11y/prefer-tag-over-role, jsx-a11y/interactive-supports-focus, jsx-a11y/click-events-have-key-events

import type { JSX, KeyboardEvent, ReactNode } from 'react';
import { useId } from 'react';
import { useIsNarrow } from './use-is-narrow.ts';
import { useRows } from './use-rows.ts';

/** The height of a row in pixels. In a narrow window it has two lines, or else little of its value would be seen. */
const HEIGHT = { wide: 24, narrow: 44 };

/** How far each key moves, in rows. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 10,
  PageUp: -10,
  Home: -Infinity,
  End: Infinity,
};

interface ListProps<Item extends object> {
  readonly name: string;
  readonly items: readonly Item[];
  readonly chosen?: Item | null;
  readonly onChoose: (item: Item) => void;
  /** Returns the text and the look of a row. */
  readonly renderRow: (item: Item) => ReactNode;
}

/** A list of many rows, of which only those that are seen are in the page. */
export function List<Item extends object>(props: ListProps<Item>): JSX.Element {
  const { name, items, chosen = null, onChoose, renderRow } = props;
  const id = useId();
  const height = useIsNarrow() ? HEIGHT.narrow : HEIGHT.wide;
  const rows = useRows(items.length, height, chosen === null);
  const { scroller, onScroll, from, to, most, show } = rows;
  const move = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined || items.length === 0) return;
    event.preventDefault();
    const before = chosen ? items.indexOf(chosen) : items.length;
    const next = Math.min(items.length - 1, Math.max(0, before + step));
    onChoose(items[next] as Item);
    show(next);
  };
  const seen = items.slice(from, to);
  const active = chosen ? seen.indexOf(chosen) : -1;
  return (
    <div
      ref={scroller}
      className="list"
      role="listbox"
      tabIndex={0}
      aria-label={name}
      aria-activedescendant={active < 0 ? undefined : `${id}${from + active}`}
      onScroll={onScroll}
      onKeyDown={move}
    >
      <div role="presentation" style={{ height: items.length * height }}>
        {seen.map((item, n) => (
          <div
            // A row that is scrolled out becomes one that is scrolled in: new elements take far longer.
            key={(from + n) % most}
            id={`${id}${from + n}`}
            className="row"
            role="option"
            aria-selected={item === chosen}
            aria-posinset={from + n + 1}
            aria-setsize={items.length}
            style={{ top: (from + n) * height, height }}
            onClick={() => onChoose(item)}
          >
            {renderRow(item)}
          </div>
        ))}
      </div>
    </div>
  );
}
