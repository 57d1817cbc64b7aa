import { type ReactNode, useState } from 'react';
import { useWebSocket, WebSocketProvider } from '../../src/index.ts';
import { lifeline, usePresence } from '../../src/presence.ts';
import { ProviderControlBar } from '../parts/control-bar.tsx';
import { DEMO_RECONNECT, demoUrl, useRoom } from '../parts/demo-provider.tsx';
import { guestId, roomTopic } from '../server/guest.ts';
import { Button } from '../ui/controls.tsx';
import { Page } from '../ui/page.tsx';
import { Person } from '../ui/person.tsx';
import { RenderCount, useRenderCount } from '../ui/render-count.tsx';
import { isBroken } from '../ui/status.tsx';

const TEAM = ['Ada', 'Grace', 'Hedy'];

interface PersonProps {
  readonly room: string;
  readonly name: string;
}

/** A tab of a person: its own connection, with the name in its url. A closed tab has none. */
function Tab({
  room,
  name,
  isOpen = true,
  children,
}: PersonProps & { isOpen?: boolean; children?: ReactNode }) {
  return (
    <WebSocketProvider
      url={demoUrl(room, { name })}
      enabled={isOpen}
      heartbeat={lifeline({ id: name, interval: 1_000, timeout: 1_000 })}
      reconnect={DEMO_RECONNECT}
    >
      {children}
    </WebSocketProvider>
  );
}

/** Renders when this person comes or goes, and not for others. */
function OnlineMark({ room, name }: PersonProps) {
  const isOnline = usePresence(guestId(room, name), { topic: roomTopic(room) });
  const count = useRenderCount();
  return (
    <li data-away={!isOnline || undefined}>
      {name}
      <span className={isOnline ? 'ui-hidden' : undefined}>
        {isOnline ? ' is online' : ' is away'}
      </span>
      <RenderCount count={count} />
    </li>
  );
}

function View({ room, name, children }: PersonProps & { children?: ReactNode }) {
  const { status } = useWebSocket();
  return (
    <Person name={name} status={status}>
      <div className="ui-lamps-place">
        {status === 'idle' ? (
          <p className="ui-note">
            No tab is open. Two seconds after the last tab closed, the others see {name} as away.
          </p>
        ) : (
          <>
            <ul
              className="ui-present ui-lamps"
              data-stale={status !== 'open' || undefined}
              aria-label={`What ${name} sees`}
            >
              {TEAM.map((other) => (
                <OnlineMark key={other} room={room} name={other} />
              ))}
            </ul>
            {isBroken(status) && <p className="ui-note">No connection: last known.</p>}
          </>
        )}
      </div>
      {children}
    </Person>
  );
}

/** A person with any number of tabs. The first one is shown, also after it was closed. */
function Colleague({ room, name }: PersonProps) {
  const [tabs, setTabs] = useState(1);
  return (
    <>
      <Tab room={room} name={name} isOpen={tabs > 0}>
        <View room={room} name={name}>
          <fieldset className="ui-buttons" aria-label={`Tabs of ${name}`}>
            <Button onClick={() => setTabs(tabs + 1)}>Open tab</Button>
            <Button off={tabs === 0} onClick={() => setTabs(tabs - 1)}>
              Close tab
            </Button>
            <output className="ui-note">{tabs === 1 ? '1 tab' : `${tabs} tabs`}</output>
          </fieldset>
        </View>
      </Tab>
      {Array.from({ length: Math.max(0, tabs - 1) }, (_, index) => (
        <Tab key={index} room={room} name={name} />
      ))}
    </>
  );
}

/** Several people, some with several tabs, and what each of them sees. */
export function WhoIsOnline(props: { room?: string }) {
  const room = useRoom(props.room);
  return (
    <Page
      title="Who is online"
      lede="The server says who is online. A person is away two seconds after the last tab was closed, so a reload is not visible. Cut the cable: the others still see you online, because you reconnect in time."
    >
      <div className="ui-people">
        <Tab room={room} name="Ada">
          <ProviderControlBar title="Connection of Ada" />
          <View room={room} name="Ada" />
        </Tab>
        {TEAM.slice(1).map((name) => (
          <Colleague key={name} room={room} name={name} />
        ))}
      </div>
    </Page>
  );
}
