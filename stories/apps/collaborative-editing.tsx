import { useEffect, useState } from 'react';
import { applyUpdate, Doc, encodeStateAsUpdate, encodeStateVector } from 'yjs';
import { useMessage, useWebSocket, useWebSocketEvent, WebSocketProvider } from '../../src/index.ts';
import { ProviderControlBar } from '../parts/control-bar.tsx';
import { DEMO_HEARTBEAT, demoUrl, useRoom } from '../parts/demo-provider.tsx';
import { SharedTextarea } from '../parts/shared-textarea.tsx';
import { packEdit, readEdit } from '../server/edits.ts';
import { Page } from '../ui/page.tsx';
import { Person } from '../ui/person.tsx';

/** A document of Yjs that all clients of the room share, in binary frames over the shared connection. */
function useSharedDoc(): { doc: Doc; caughtUp: number | null } {
  const { send } = useWebSocket();
  const [doc] = useState(() => new Doc());
  const [caughtUp, setCaughtUp] = useState<number | null>(null);

  // A new link asks for what was missed, by saying what is there. So nothing has to wait in the outbox.
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
    const tell = (update: Uint8Array, origin: unknown) => {
      if (origin !== 'remote') send(packEdit('update', update), { queue: false });
    };
    doc.on('update', tell);
    return () => doc.off('update', tell);
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
      <SharedTextarea text={text} label={`The text before ${name}`} />
      <p className="ui-note">
        {status === 'open'
          ? describeUpdate(caughtUp)
          : 'What is written now is shared once the connection is back.'}
      </p>
    </Person>
  );
}

const NOTHING = encodeStateAsUpdate(new Doc()).length;

function describeUpdate(bytes: number | null): string {
  if (bytes === null) return 'Catching up.';
  return bytes <= NOTHING ? 'Nothing was missed.' : `Caught up with an update of ${bytes} bytes.`;
}

const DRAFT = `Packing list

- tent
- two sleeping bags
- the small stove
`;

/** Two editors of one text. Yours is the one that the control bar breaks. */
export function CollaborativeEditing(props: { room?: string }) {
  const room = useRoom(props.room);
  const provider = (name: string) => ({
    url: demoUrl(room, { name }),
    heartbeat: DEMO_HEARTBEAT,
    reconnect: { baseDelay: 500 },
  });
  return (
    <Page
      title="Collaborative editing"
      lede="One text, two editors, and Yjs in binary frames between them. Break Ada's connection and write on both sides: once it is back, each side sends what the other lacks, and both texts are the same."
    >
      <div className="ui-people">
        <WebSocketProvider {...provider('Ada')}>
          <ProviderControlBar />
          <Editor name="Ada" draft={DRAFT} />
        </WebSocketProvider>
        <WebSocketProvider {...provider('Grace')}>
          <Editor name="Grace" />
        </WebSocketProvider>
      </div>
    </Page>
  );
}
