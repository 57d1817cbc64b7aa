import { useEffect, useState } from 'react';
import { applyUpdate, Doc, encodeStateAsUpdate, encodeStateVector } from 'yjs';
import { useMessage, useWebSocket, useWebSocketEvent, WebSocketProvider } from '../../src/index.ts';
import { ProviderControlBar } from '../parts/control-bar.tsx';
import { DEMO_HEARTBEAT, DEMO_RECONNECT, demoUrl, useRoom } from '../parts/demo-provider.tsx';
import { SharedTextarea } from '../parts/shared-textarea.tsx';
import { SecondWindow } from '../parts/second-window.tsx';
import { packEdit, readEdit } from '../server/edits.ts';
import { Page } from '../ui/page.tsx';
import { Person } from '../ui/person.tsx';

/** A Yjs document that all clients of the room share, by binary frames. */
function useSharedDoc(): { doc: Doc; caughtUp: number | null } {
  const { send } = useWebSocket();
  const [doc] = useState(() => new Doc());
  const [caughtUp, setCaughtUp] = useState<number | null>(null);

  // On a new link, both sides send the edits that the other does not have. So edits need no outbox.
  useWebSocketEvent('open', () => {
    setCaughtUp(null);
    send(JSON.stringify({ demo: 'edit' }));
    send(packEdit('state', encodeStateVector(doc)));
  });

  useMessage((frame) => {
    if (!(frame instanceof ArrayBuffer)) return;
    const { kind, bytes } = readEdit(frame);
    if (kind === 'update') {
      applyUpdate(doc, bytes, 'remote');
      setCaughtUp((known) => known ?? bytes.length);
    } else {
      send(packEdit('update', encodeStateAsUpdate(doc, bytes)), { queue: false });
    }
  });

  useEffect(() => {
    const sendUpdate = (update: Uint8Array, origin: unknown) => {
      if (origin !== 'remote') send(packEdit('update', update), { queue: false });
    };
    doc.on('update', sendUpdate);
    return () => doc.off('update', sendUpdate);
  }, [doc, send]);

  return { doc, caughtUp };
}

function Editor({ name, draft }: { name: string; draft?: string }) {
  const { status } = useWebSocket();
  const { doc, caughtUp } = useSharedDoc();
  const text = doc.getText();

  useEffect(() => {
    if (draft && caughtUp !== null && text.length === 0) text.insert(0, draft);
  }, [draft, caughtUp, text]);

  return (
    <Person name={name} status={status}>
      <SharedTextarea text={text} label={`The text of ${name}`} />
      <p className="ui-note">
        {status === 'open'
          ? describeUpdate(caughtUp)
          : `Edits are shared after ${status === 'closed' ? 'you open the connection again' : 'the reconnect'}.`}
      </p>
    </Person>
  );
}

const NOTHING = encodeStateAsUpdate(new Doc()).length;

function describeUpdate(bytes: number | null): string {
  if (bytes === null) return 'Loading the text.';
  return bytes <= NOTHING ? 'Up to date.' : `Received an update of ${bytes} bytes.`;
}

/** You, in the first window. */
const HOST = 'Ada';

const DRAFT = `Packing list

- tent
- two sleeping bags
- the small stove
`;

/** Two editors of one text. The control bar breaks the connection of Ada. */
export function CollaborativeEditing(props: {
  room?: string;
  /** In a second window, somebody else: the others are in the first one. */
  name?: string;
}) {
  const { name: you = HOST } = props;
  const room = useRoom(props.room);
  const provider = (name: string) => ({
    url: demoUrl(room, { name }),
    heartbeat: DEMO_HEARTBEAT,
    reconnect: DEMO_RECONNECT,
  });
  return (
    <Page
      title="Collaborative editing"
      lede={
        <>
          One text and several editors; the edits are Yjs updates in binary frames. Break the
          connection of {you} and write on both sides. After the reconnect, each side sends the
          edits that the other does not have, and the texts are equal again.{' '}
          {you === HOST && <SecondWindow room={room} />}
        </>
      }
    >
      <div className="ui-people">
        <WebSocketProvider {...provider(you)}>
          <ProviderControlBar title={`Connection of ${you}`} />
          <Editor name={you} {...(you === HOST && { draft: DRAFT })} />
        </WebSocketProvider>
        {you === HOST && (
          <WebSocketProvider {...provider('Grace')}>
            <Editor name="Grace" />
          </WebSocketProvider>
        )}
      </div>
    </Page>
  );
}
