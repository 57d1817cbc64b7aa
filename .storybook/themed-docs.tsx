import { DocsContainer, type DocsContainerProps } from '@storybook/addon-docs/blocks';
import { useEffect, useState, useSyncExternalStore, type PropsWithChildren } from 'react';
import { GLOBALS_UPDATED } from 'storybook/internal/core-events';
import { create } from 'storybook/theming';
import '../stories/docs/docs.css';
import { Neighbours } from './neighbours.tsx';

const prefersDark = matchMedia('(prefers-color-scheme: dark)');

function watchSystem(listener: () => void): () => void {
  prefersDark.addEventListener('change', listener);
  return () => prefersDark.removeEventListener('change', listener);
}

/** The colours of stories/ui/tokens.css, for those parts of a docs page that take no others: the blocks of code. */
const themes = {
  light: create({
    base: 'light',
    colorPrimary: '#4b45d6',
    colorSecondary: '#4b45d6',
    appContentBg: '#ffffff',
    appBorderColor: '#e3e7ee',
    textColor: '#151a24',
  }),
  dark: create({
    base: 'dark',
    colorPrimary: '#a9adff',
    colorSecondary: '#a9adff',
    appContentBg: '#131923',
    appBorderColor: '#263040',
    textColor: '#e9edf5',
  }),
};

/** The docs pages in the theme of the toolbar. Storybook gives them one theme for good, so this one listens. */
export default function ThemedDocs({ context, children }: PropsWithChildren<DocsContainerProps>) {
  const systemIsDark = useSyncExternalStore(watchSystem, () => prefersDark.matches);
  const [chosen, setChosen] = useState(themeInAddress);

  useEffect(() => {
    const follow = ({ globals }: { globals: Record<string, unknown> }) =>
      setChosen(String(globals.theme));
    context.channel.on(GLOBALS_UPDATED, follow);
    return () => context.channel.off(GLOBALS_UPDATED, follow);
  }, [context]);

  // A story does so itself, but a page need not have one.
  useEffect(() => {
    document.documentElement.dataset.theme = chosen;
  }, [chosen]);

  const dark = chosen === 'system' ? systemIsDark : chosen === 'dark';
  return (
    <main>
      <DocsContainer context={context} theme={dark ? themes.dark : themes.light}>
        {children}
      </DocsContainer>
      <div className="docs-end">
        <Neighbours id={pageInAddress()} />
      </div>
    </main>
  );
}

/** The id of this page: the frame of the docs has it in its address. */
const pageInAddress = () => new URLSearchParams(location.search).get('id') ?? '';

/** Storybook writes the globals into the address of the frame: `globals=theme:dark`. */
function themeInAddress(): string {
  const globals = new URLSearchParams(location.search).get('globals') ?? '';
  return /(?:^|;)theme:(\w+)/.exec(globals)?.[1] ?? 'system';
}
