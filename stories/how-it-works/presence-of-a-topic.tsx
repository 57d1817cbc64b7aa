import { useEffect, useState } from 'react';
import { useWebSocket, WebSocketProvider } from '../../src/index.ts';
import { lifeline, usePresence } from '../../src/presence.ts';
import { ProviderControlBar } from '../parts/control-bar.tsx';
import { DEMO_RECONNECT, demoUrl, useRoom } from '../parts/demo-provider.tsx';
import { nameIn, placeTopic } from '../server/guest.ts';
import type { Command } from '../server/words.ts';
import { Button } from '../ui/controls.tsx';
import { Page } from '../ui/page.tsx';
import { Person } from '../ui/person.tsx';

const TEAM = ['Ada', 'Grace', 'Hedy'];
const DOCUMENTS = ['Plan', 'Budget'];

/** Tells the server which document is open, on each new link again. The server subscribes the client to its topic. */
function useOpenDocument(name: string) {
  const { status, send } = useWebSocket();
  useEffect(() => {
    if (status !== 'open') return;
    // Not queued: the next link begins with its own words.
    const say = (word: Command) => send(JSON.stringify(word), { queue: false });
    say({ demo: 'enter', place: name });
    return () => void say({ demo: 'leave', place: name });
  }, [name, status, send]);
}

function Readers({ viewer, topic }: { viewer: string; topic: string }) {
  const ids = usePresence({ topic });
  const { status } = useWebSocket();
  if (!ids) return <p className="ui-note">Not known yet.</p>;
  return (
    <ul
      className="ui-present"
      data-stale={status !== 'open' || undefined}
      aria-label={`Who is in the document of ${viewer}`}
    >
      {ids.toSorted().map((id) => (
        <li key={id}>{nameIn(id)}</li>
      ))}
    </ul>
  );
}

function Desk({ room, name }: { room: string; name: string }) {
  const { status } = useWebSocket();
  const [document, setDocument] = useState('Plan');
  useOpenDocument(document);
  return (
    <Person name={name} status={status}>
      <Readers viewer={name} topic={placeTopic(room, document)} />
      <fieldset className="ui-buttons" aria-label={`Documents of ${name}`}>
        {DOCUMENTS.map((title) => (
          <Button key={title} pressed={title === document} onClick={() => setDocument(title)}>
            {title}
          </Button>
        ))}
      </fieldset>
    </Person>
  );
}

/** Three people, two documents, and who is in the same one. */
export function PresenceOfATopic(props: { room?: string }) {
  const room = useRoom(props.room);
  return (
    <Page
      title="Presence of a topic"
      lede={
        <>
          Each person has one document open, and sees who is in it. The server subscribes a client
          to the topic of its document; <code>{'usePresence({ topic })'}</code> returns the ids of
          all who are in it. Cut the cable of Ada: she stays in the list, because she reconnects in
          time.
        </>
      }
    >
      <div className="ui-people">
        {TEAM.map((name, n) => (
          <WebSocketProvider
            key={name}
            url={demoUrl(room, { name })}
            heartbeat={lifeline({ id: name, interval: 1_000, timeout: 1_000 })}
            reconnect={DEMO_RECONNECT}
          >
            {n === 0 && <ProviderControlBar title={`Connection of ${name}`} />}
            <Desk room={room} name={name} />
          </WebSocketProvider>
        ))}
      </div>
    </Page>
  );
}
