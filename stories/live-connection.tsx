import { Composer } from './parts/composer.tsx';
import { ConnectionFacts } from './parts/connection-facts.tsx';
import { ConnectionHero } from './parts/connection-hero.tsx';
import { ProviderControlBar } from './parts/control-bar.tsx';
import { type DemoOptions, DemoProvider } from './parts/demo-provider.tsx';
import { EventLog } from './parts/event-log.tsx';
import { Columns, Page, Stack } from './ui/page.tsx';

/** One WebSocket to the demo server, and a button for each fault. */
export function LiveConnection(options: DemoOptions) {
  return (
    <DemoProvider {...options}>
      <Page
        title="Live connection"
        lede="One WebSocket to a demo server. Break it with the buttons, and see how long it takes until it is open again."
      >
        <ProviderControlBar />
        <ConnectionHero />
        <Columns>
          <Stack>
            <Composer />
            <EventLog />
          </Stack>
          <ConnectionFacts />
        </Columns>
      </Page>
    </DemoProvider>
  );
}
