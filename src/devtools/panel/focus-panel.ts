/** Moves the focus to the whole panel, from a button that goes away when it is pressed. Otherwise, the page would get it. */
export function focusPanel({ currentTarget }: { readonly currentTarget: Element }): void {
  currentTarget.closest<HTMLElement>('.panel')?.focus();
}
