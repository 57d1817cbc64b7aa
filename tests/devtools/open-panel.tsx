import { act, fireEvent, render, screen, within } from '@testing-library/react';
import { vi } from 'vitest';
import { Devtools } from '../../src/devtools/panel/devtools.tsx';
import type { Recording } from '../../src/devtools/recorder/types.ts';

/** Shows the panel for these recordings, as it is inside of its shadow root. */
export function openPanel(...list: Recording[]): void {
  vi.useFakeTimers();
  render(
    <Devtools
      recordings={{ list: () => list, subscribe: () => () => {}, redact: () => () => {} }}
      initialIsOpen
      buttonPosition="bottom-right"
    />,
  );
}

/** Lets the panel show what was recorded meanwhile. */
export const refresh = (): void =>
  act(() => {
    vi.advanceTimersByTime(1_000);
  });

export const press = (name: string | RegExp): boolean =>
  fireEvent.click(screen.getByRole('button', { name }));

export const openTab = (name: RegExp): boolean =>
  fireEvent.click(screen.getByRole('tab', { name }));

/** The texts of the rows that are drawn. */
export const rows = (list: string): string[] =>
  within(screen.getByRole('listbox', { name: list }))
    .getAllByRole('option')
    .map(({ textContent }) => textContent);
