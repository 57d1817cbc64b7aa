/** The title of the window for the one that Storybook chooses: `Apps/Chat - Chat ⋅ Storybook`. */
export function ownTitle(theirs: string): string {
  const [, name] = /([^/]+?) - .* ⋅ Storybook$/.exec(theirs) ?? [];
  return name ? `${name.trim()} · react-lifeline` : 'react-lifeline';
}

/** Keeps the title of the window. Storybook sets its own one with each page. */
export function keepOwnTitle(): void {
  const apply = () => {
    if (document.title.endsWith('react-lifeline')) return;
    document.title = ownTitle(document.title);
  };
  apply();
  new MutationObserver(apply).observe(document.head, {
    subtree: true,
    childList: true,
    characterData: true,
  });
}
