import { type ReactNode, useState } from 'react';
import { useWebSocket, WebSocketProvider } from '../../src/index.ts';
import { lifeline, usePresence } from '../../src/presence.ts';
import { ProviderControlBar } from '../parts/control-bar.tsx';
import { demoUrl, useRoom } from '../parts/demo-provider.tsx';
import { guestId } from '../server/guest.ts';
import { Button } from '../ui/controls.tsx';
import { Page } from '../ui/page.tsx';
import { Person } from '../ui/person.tsx';
import { RenderCount, useRenderCount } from '../ui/render-count.tsx';

const TEAM = ['Ada', 'Grace', 'Hedy'];

interface SomebodyProps {
  readonly room: string;
  readonly name: string;
}

/** A tab of somebody: a connection of its own, known to the server by the name in its url. */
function Tab({ room, name, children }: SomebodyProps & { children?: ReactNode }) {
  return (
    <WebSocketProvider
      url={demoUrl(room, { name })}
      heartbeat={lifeline({ id: name, interval: 1_000, timeout: 1_000 })}
      reconnect={{ baseDelay: 500 }}
      linger={0}
    >
      {children}
    </WebSocketProvider>
  );
}

/** Renders when this one comes or goes, and for nobody else. */
function Lamp({ room, name }: SomebodyProps) {
  const isOnline = usePresence(guestId(room, name));
  const count = useRenderCount();
  return (
    <li data-away={!isOnline || undefined}>
      {name}
      <span className="ui-hidden">{isOnline ? ' is online' : ' is away'}</span>
      <RenderCount count={count} />
    </li>
  );
}

function View({ room, name, children }: SomebodyProps & { children?: ReactNode }) {
  const { status } = useWebSocket();
  return (
    <Person name={name} status={status}>
      <ul className="ui-present ui-lamps" aria-label={`Whom ${name} sees`}>
        {TEAM.map((other) => (
          <Lamp key={other} room={room} name={other} />
        ))}
      </ul>
      {children}
    </Person>
  );
}

/** Somebody with any number of tabs, of which you see the first. */
function Colleague({ room, name }: SomebodyProps) {
  const [tabs, setTabs] = useState(1);
  const buttons = (
    <fieldset className="ui-buttons" aria-label={`Tabs of ${name}`}>
      <Button onClick={() => setTabs(tabs + 1)}>Open tab</Button>
      <Button off={tabs === 0} onClick={() => setTabs(tabs - 1)}>
        Close tab
      </Button>
      <output className="ui-note">{tabs === 1 ? '1 tab' : `${tabs} tabs`}</output>
    </fieldset>
  );
  if (tabs === 0)
    return (
      <Person name={name} status="idle">
        <p className="ui-note">No tab is open: online for two seconds more, then away.</p>
        {buttons}
      </Person>
    );
  return (
    <>
      <Tab room={room} name={name}>
        <View room={room} name={name}>
          {buttons}
        </View>
      </Tab>
      {Array.from({ length: tabs - 1 }, (_, index) => (
        <Tab key={index} room={room} name={name} />
      ))}
    </>
  );
}

/** Several people, some with several tabs, and what each of them sees of the others. */
export function WhoIsOnline(props: { room?: string }) {
  const room = useRoom(props.room);
  return (
    <Page
      title="Who is online"
      lede="The server decides. Somebody is online with the first tab, and away once the last one has been gone for two seconds: a reload does not show. Cut your cable: for the others you stay, since you are back in time."
    >
      <div className="ui-people">
        <Tab room={room} name="Ada">
          <ProviderControlBar />
          <View room={room} name="Ada" />
        </Tab>
        {TEAM.slice(1).map((name) => (
          <Colleague key={name} room={room} name={name} />
        ))}
      </div>
    </Page>
  );
}
