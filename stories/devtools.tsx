import { WebSocketDevtools } from '../src/devtools.ts';
import { Composer } from './parts/composer.tsx';
import { type DemoOptions, DemoProvider } from './parts/demo-provider.tsx';
import { Page } from './ui/page.tsx';

/** The devtools, and an app with one live connection. */
export function Devtools(options: DemoOptions) {
  return (
    <DemoProvider {...options}>
      <div className="ui-above-panel">
        <Page
          title="Devtools"
          lede="Every frame, state and message of the connections of a page, and buttons that break them. Only builds for development have the panel."
        >
          <Composer />
        </Page>
      </div>
      <WebSocketDevtools initialIsOpen />
    </DemoProvider>
  );
}
