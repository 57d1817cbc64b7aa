import { useContext } from 'react';
import { WebSocketDevtools } from '../../src/devtools.ts';
import {
  type Codec,
  type Frame,
  type OutFrame,
  useMessage,
  useWebSocket,
  WebSocketProvider,
} from '../../src/index.ts';
import { Composer } from '../parts/composer.tsx';
import { ConnectionFacts } from '../parts/connection-facts.tsx';
import { ControlBar, OwnControls } from '../parts/control-bar.tsx';
import { demoUrl, useRoom } from '../parts/demo-url.ts';
import { CodePanel, Columns, Page, PageContext, Stack } from '../ui/page.tsx';
import { choose, propsOf, type Settings } from './settings.ts';
import { writeCode } from './write-code.ts';

/** With delivery, the commands to the demo must pass through the connection. Everything else is as without a codec. */
const codec: Codec<Frame, OutFrame> = {
  encode: (message: OutFrame | object) =>
    Object.getPrototypeOf(message) === Object.prototype
      ? JSON.stringify(message)
      : (message as OutFrame),
  decode: (frame) => frame,
};

/** The buttons that break the connection, and those that call its functions. Its messages are reported, too. */
function Controls() {
  const { connection } = useWebSocket();
  const { onEvent } = useContext(PageContext);
  useMessage((message) => onEvent?.('message', [message]));
  return (
    <>
      <ControlBar connection={connection} isCounted />
      <OwnControls />
    </>
  );
}

/** The settings, and the room in the demo. */
interface PlaygroundProps extends Settings {
  readonly room?: string;
}

/** Each option as a control, and the code for the present ones. */
export function Playground({ room, ...settings }: PlaygroundProps) {
  // A session belongs to somebody.
  const url = demoUrl(useRoom(room), { name: 'You' });
  const chosen = choose(settings);
  return (
    // Two of the options are read only when a connection is made.
    <WebSocketProvider
      key={`${settings.manual} ${settings.delivery}`}
      url={url}
      codec={codec}
      {...propsOf(chosen)}
    >
      <div className="ui-above-panel">
        <Page
          title="Playground"
          lede="Change the options in the tab “Controls”. Break the connection with the buttons. Its events are in the tab “Actions”, its frames in the panel below."
        >
          <Columns>
            <Stack>
              <Controls />
              <Composer />
            </Stack>
            <CodePanel code={writeCode(chosen)} note="What is not there has its default." />
          </Columns>
          <ConnectionFacts />
        </Page>
      </div>
      <WebSocketDevtools initialIsOpen />
    </WebSocketProvider>
  );
}
