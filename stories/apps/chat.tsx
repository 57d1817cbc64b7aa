import { useState } from 'react';
import { createWebSocketHooks, json, type SendResult } from '../../src/index.ts';
import { lifeline, usePresence } from '../../src/presence.ts';
import { ChatRoom, type Draft } from '../parts/chat-room.tsx';
import { ControlBar } from '../parts/control-bar.tsx';
import { DEMO_HEARTBEAT, demoUrl, useRoom } from '../parts/demo-provider.tsx';
import { nameIn } from '../server/guest.ts';
import type { Command, Said, ServerWord } from '../server/words.ts';
import { Page } from '../ui/page.tsx';
import { Person } from '../ui/person.tsx';

const { WebSocketProvider, useWebSocket, useMessage, useWebSocketEvent } = createWebSocketHooks<
  ServerWord,
  Command
>({
  codec: json(),
  heartbeat: lifeline(DEMO_HEARTBEAT),
  reconnect: { baseDelay: 500 },
});

/** The messages of the room and my own drafts; nothing is lost, whatever becomes of the link. */
function useChat() {
  const { send } = useWebSocket();
  const [said, setSaid] = useState<readonly Said[]>([]);
  const [drafts, setDrafts] = useState<readonly Draft[]>([]);

  const mark = (messages: readonly Command[], state: SendResult) =>
    setDrafts((all) =>
      all.map((draft) => {
        const isMeant = messages.some((word) => word.demo === 'say' && word.id === draft.id);
        return isMeant ? { ...draft, state } : draft;
      }),
    );
  const confirm = (known: readonly Said[]) =>
    setDrafts((all) => all.filter((draft) => !known.some(({ id }) => id === draft.id)));

  useMessage((word) => {
    if (word.demo === 'history') {
      setSaid(word.said);
      confirm(word.said);
    }
    if (word.demo === 'said') {
      setSaid((all) => [...all, word]);
      confirm([word]);
    }
  });

  useWebSocketEvent('open', () => {
    // What a dead link swallowed is said again. The server knows it by its id, should it have it after all.
    for (const { id, text, state } of drafts)
      if (state !== 'queued') send({ demo: 'say', id, text });
    send({ demo: 'history' });
  });
  // The outbox has handed over what waited, or has given it up.
  useWebSocketEvent('flush', (messages) => mark(messages, 'sent'));
  useWebSocketEvent('drop', (messages) => mark(messages, 'dropped'));

  const say = (text: string, id: string = crypto.randomUUID()) => {
    const state = send({ demo: 'say', id, text });
    setDrafts((all) => [...all, { id, text, state }]);
  };
  return { said, drafts, say };
}

interface PersonProps {
  name: string;
  greeting?: string;
}

function Pane({ name, greeting }: PersonProps) {
  const { status, connection } = useWebSocket();
  const { said, drafts, say } = useChat();
  const present = usePresence({ connection }).map(nameIn);
  useWebSocketEvent('open', ({ reconnected }) => {
    if (greeting && !reconnected) say(greeting, `greeting of ${name}`);
  });
  return (
    <Person name={name} status={status}>
      <ChatRoom
        name={name}
        present={present}
        online={status === 'open'}
        said={said}
        drafts={drafts}
        onSay={say}
      />
    </Person>
  );
}

function You(props: PersonProps) {
  const { connection } = useWebSocket();
  return (
    <>
      <ControlBar connection={connection} />
      <Pane {...props} />
    </>
  );
}

const OTHERS: PersonProps[] = [
  { name: 'Grace', greeting: 'Good morning. Does anybody know why staging is down?' },
  { name: 'Hedy', greeting: 'I am restarting it. Back in a minute.' },
];

/** Three people, a connection each. Yours is the one that the control bar breaks. */
export function Chat(props: { room?: string }) {
  const room = useRoom(props.room);
  return (
    <Page
      title="Chat"
      lede="You are Ada. Break your connection and go on writing: what you write waits, and is delivered once you are back. What the others wrote meanwhile is there, too."
    >
      <div className="ui-people">
        <WebSocketProvider url={demoUrl(room, { name: 'Ada' })}>
          <You name="Ada" />
        </WebSocketProvider>
        {OTHERS.map((person) => (
          <WebSocketProvider key={person.name} url={demoUrl(room, { name: person.name })}>
            <Pane {...person} />
          </WebSocketProvider>
        ))}
      </div>
    </Page>
  );
}
