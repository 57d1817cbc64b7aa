import type { Preview } from '@storybook/react-vite';
import { type ComponentProps, lazy, Suspense, useLayoutEffect } from 'react';
import { action } from 'storybook/actions';
// Storybook asks for it only when the first story is there to be rendered, and then waits for it.
import 'react-dom/client';
import { PageContext, type PageExtras } from '../stories/ui/page.tsx';
import '../stories/ui/ui.css';
import './preview.css';
import { mendLanguage } from './language.ts';
import { Neighbours } from './neighbours.tsx';

mendLanguage();

const ThemedDocs = lazy(() => import('./themed-docs.tsx'));

/** What a page of the docs is made of is half a megabyte, and no story needs it. */
const LazyDocs = (props: ComponentProps<typeof ThemedDocs>) => (
  <Suspense>
    <ThemedDocs {...props} />
  </Suspense>
);

const onEvent = (type: string, details: readonly unknown[]) => action(type)(...details);

const preview: Preview = {
  // A static site has no server: there, the demo runs in the page.
  async beforeAll() {
    if (import.meta.env.PROD) (await import('./in-page-demo.ts')).serveInPage();
  },
  initialGlobals: { theme: 'system' },
  globalTypes: {
    theme: {
      description: 'Light, dark, or as the system says',
      toolbar: {
        icon: 'contrast',
        dynamicTitle: true,
        items: [
          { value: 'system', title: 'System', icon: 'browser' },
          { value: 'light', title: 'Light', icon: 'sun' },
          { value: 'dark', title: 'Dark', icon: 'moon' },
        ],
      },
    },
  },
  // Loaded before the story renders, so that its connections are recorded from the start. Not on a page of the docs, which shows
  // several stories, nor where a story hides it: it has a panel of its own, or must be there soon.
  loaders: [
    async ({ parameters, viewMode }) =>
      viewMode === 'story' && !parameters.devtools?.isHidden
        ? { devtools: await import('../src/devtools.ts') }
        : {},
  ],
  decorators: [
    function InPage(Story, { globals, viewMode, parameters, id }) {
      const theme = String(globals.theme);
      // Before the play function looks.
      useLayoutEffect(() => {
        document.documentElement.dataset.theme = theme;
      }, [theme]);
      // A page of the docs has a <main> of its own, in themed-docs.tsx.
      const extras: PageExtras = { storyId: id, isSimulated: import.meta.env.PROD, onEvent };
      if (viewMode === 'docs')
        return (
          <PageContext value={extras}>
            <Story />
          </PageContext>
        );
      const example = parameters.example as PageExtras['example'];
      return (
        <PageContext value={{ ...extras, example, end: <Neighbours id={id} /> }}>
          <main>
            <Story />
          </main>
        </PageContext>
      );
    },
    (Story, { loaded: { devtools } }) => (
      <>
        <Story />
        {devtools && <devtools.WebSocketDevtools />}
      </>
    ),
  ],
  parameters: {
    layout: 'fullscreen',
    controls: { expanded: true },
    a11y: { test: 'error' },
    docs: { container: LazyDocs, toc: { headingSelector: 'h2', title: 'On this page' } },
    options: {
      storySort: {
        order: [
          'Why react-lifeline',
          // Storybook loads the page after the first one ahead: a page of the docs would be 0.4 MB.
          'Playground',
          'Live connection',
          'Getting started',
          'Devtools',
          'Apps',
          ['Chat', 'Who is online', 'Live data', 'Live positions', 'Collaborative editing'],
          'How it works',
          [
            'Heartbeat and latency',
            'Sleeping tab',
            'Reconnect',
            'Offline tab',
            'Connection banner',
            'Queue while offline',
            'Nothing is lost',
            'Written offline',
            'Requests and replies',
            'Refetch after a reconnect',
            'Tokens',
            'Login expiry',
            'One connection, many components',
            'Topics',
            'Presence of a topic',
            'Protocol of another server',
            'Typed messages',
            'Binary',
            'Several connections',
            'StrictMode and Activity',
          ],
          'Docs',
          [
            'API',
            'Options',
            'Events',
            'What happens when',
            'State model',
            'Heartbeat',
            'Reconnect',
            'Sending and the outbox',
            'Requests and replies',
            'Delivery',
            'Typed messages',
            'Topics',
            'Tokens, login and scope',
            'Server and presence',
            "Other servers' protocols",
            'Testing an app',
            'Devtools',
            'Next.js and server rendering',
            'Engines',
            'React Native',
            'From react-use-websocket',
            'From partysocket',
            'Measurements',
          ],
        ],
      },
    },
  },
};

export default preview;
