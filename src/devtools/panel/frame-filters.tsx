'use client';

import type { JSX } from 'react';
import type { RowFilter } from './select.ts';

const KINDS: readonly RowFilter['kind'][] = [
  'all',
  'message',
  'heartbeat',
  'handshake',
  'delivery',
  'presence',
  'not decoded',
  'state',
  'fault',
  'signal',
];
const WAYS: readonly RowFilter['way'][] = ['both', 'in', 'out'];

/** What the options are called that show all. */
const LABELS: Readonly<Record<string, string>> = { all: 'all kinds', both: 'in and out' };

interface FrameFiltersProps {
  readonly filter: RowFilter;
  readonly onChange: (filter: RowFilter) => void;
}

/** Which rows are shown. */
export function FrameFilters({ filter, onChange }: FrameFiltersProps): JSX.Element {
  const { text, kind, way } = filter;
  return (
    <>
      <input
        type="search"
        aria-label="Search in frames"
        placeholder="Search"
        value={text}
        onChange={({ target }) => onChange({ ...filter, text: target.value })}
        onKeyDown={(event) => {
          // It empties the field, and does not close the panel.
          if (event.key === 'Escape' && text !== '') event.stopPropagation();
        }}
      />
      <Choice
        name="Kind"
        options={KINDS}
        chosen={kind}
        onChoose={(next) => onChange({ ...filter, kind: next })}
      />
      <Choice
        name="Direction"
        options={WAYS}
        chosen={way}
        onChoose={(next) => onChange({ ...filter, way: next })}
      />
    </>
  );
}

function Choice<Option extends string>(props: {
  readonly name: string;
  readonly options: readonly Option[];
  readonly chosen: Option;
  readonly onChoose: (option: Option) => void;
}): JSX.Element {
  const { name, options, chosen, onChoose } = props;
  return (
    <select
      aria-label={name}
      value={chosen}
      onChange={({ target }) => onChoose(target.value as Option)}
    >
      {options.map((option) => (
        <option key={option} value={option}>
          {LABELS[option] ?? option}
        </option>
      ))}
    </select>
  );
}
