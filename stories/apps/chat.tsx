import { useState } from 'react';
import { createWebSocketHooks, json, type SendResult } from '../../src/index.ts';
import { lifeline, usePresence } from '../../src/presence.ts';
import { ChatRoom, type Draft } from '../parts/chat-room.tsx';
import { ControlBar } from '../parts/control-bar.tsx';
import { DEMO_HEARTBEAT, demoUrl, useRoom } from '../parts/demo-provider.tsx';
import { nameIn, roomTopic } from '../server/guest.ts';
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

/** The messages of the room, and own drafts until the server has confirmed them. */
function useChat() {
  const { send } = useWebSocket();
  const [said, setSaid] = useState<readonly Said[]>([]);
  const [drafts, setDrafts] = useState<readonly Draft[]>([]);

  const mark = (messages: readonly Command[], state: SendResult) =>
    setDrafts((all) =>
      all.map((draft) => {
        const isChanged = messages.some((word) => word.demo === 'say' && word.id === draft.id);
        return isChanged ? { ...draft, state } : draft;
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
    // Unconfirmed messages are sent again. The server ignores those it has, by their id.
    for (const { id, text, state } of drafts)
      if (state !== 'queued') send({ demo: 'say', id, text });
    send({ demo: 'history' });
  });
  // Queued messages have been sent, or dropped.
  useWebSocketEvent('flush', (messages) => mark(messages, 'sent'));
  useWebSocketEvent('drop', (messages) => mark(messages, 'dropped'));

  const say = (text: string, id: string = crypto.randomUUID()) => {
    const state = send({ demo: 'say', id, text });
    setDrafts((all) => [...all, { id, text, state }]);
  };
  return { said, drafts, say };
}

interface PersonProps {
  room: string;
  name: string;
  greeting?: string;
}

function Pane({ room, name, greeting }: PersonProps) {
  const { status, connection } = useWebSocket();
  const { said, drafts, say } = useChat();
  const present = usePresence({ topic: roomTopic(room), connection }) ?? [];
  useWebSocketEvent('open', ({ reconnected }) => {
    if (greeting && !reconnected) say(greeting, `greeting of ${name}`);
  });
  return (
    <Person name={name} status={status}>
      <ChatRoom
        name={name}
        present={present.map(nameIn)}
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

const OTHERS: Omit<PersonProps, 'room'>[] = [
  { name: 'Grace', greeting: 'Good morning. Does anybody know why staging is down?' },
  { name: 'Hedy', greeting: 'I am restarting it. Back in a minute.' },
];

/** Three people with a connection each. The control bar breaks that of Ada. */
export function Chat(props: { room?: string }) {
  const room = useRoom(props.room);
  return (
    <Page
      title="Chat"
      lede="You are Ada. Break your connection and keep writing: your messages wait and are delivered after the reconnect. So are the messages that the others wrote meanwhile."
    >
      <div className="ui-people">
        <WebSocketProvider url={demoUrl(room, { name: 'Ada' })}>
          <You room={room} name="Ada" />
        </WebSocketProvider>
        {OTHERS.map((person) => (
          <WebSocketProvider key={person.name} url={demoUrl(room, { name: person.name })}>
            <Pane room={room} {...person} />
          </WebSocketProvider>
        ))}
      </div>
    </Page>
  );
}
