import { GLOBALS_UPDATED, SET_GLOBALS } from 'storybook/internal/core-events';
import { addons } from 'storybook/manager-api';
import { create } from 'storybook/theming';
import { keepOwnTitle } from './title.ts';

/** The id of the first page. */
const FRONT_PAGE = 'why-react-lifeline--why';

const prefersDark = matchMedia('(prefers-color-scheme: dark)');
let chosen = 'system';

/** The frame around the stories in the theme of the toolbar, as the stories themselves. */
function applyTheme(): void {
  const dark = chosen === 'system' ? prefersDark.matches : chosen === 'dark';
  addons.setConfig({
    theme: create({
      base: dark ? 'dark' : 'light',
      brandTitle: 'react-lifeline',
      // Those of the stories, which every system has: Storybook's own would be loaded.
      fontBase: 'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
      colorPrimary: dark ? '#a9adff' : '#4b45d6',
      colorSecondary: dark ? '#8387f5' : '#4b45d6',
    }),
  });
}

addons.setConfig({
  panelPosition: 'bottom',
  // Its space is for the race.
  layoutCustomisations: {
    showPanel: ({ storyId }, usual) => (storyId === FRONT_PAGE ? false : usual),
  },
  sidebar: {
    showRoots: false,
    // The ids of the pages, and so their addresses, come from "Docs".
    renderLabel: ({ id, name }) => (id === 'docs' ? 'Reference' : name),
  },
});
keepOwnTitle();
applyTheme();
prefersDark.addEventListener('change', applyTheme);

addons.register('react-lifeline/theme', (api) => {
  const follow = ({ globals }: { globals: { theme?: string } }) => {
    const { theme = 'system' } = globals;
    if (theme === chosen) return;
    chosen = theme;
    applyTheme();
  };
  api.on(SET_GLOBALS, follow);
  api.on(GLOBALS_UPDATED, follow);
});
