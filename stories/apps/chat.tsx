import { useState } from 'react';
import { createWebSocketHooks, json, useOutbox, useRequest } from '../../src/index.ts';
import { lifeline, usePresence } from '../../src/presence.ts';
import { ChatRoom, type Draft } from '../parts/chat-room.tsx';
import { ControlBar } from '../parts/control-bar.tsx';
import { DEMO_HEARTBEAT, demoUrl, useRoom } from '../parts/demo-provider.tsx';
import { nameIn, roomTopic } from '../server/guest.ts';
import type { Command, Said, ServerWord } from '../server/words.ts';
import { Page } from '../ui/page.tsx';
import { Person } from '../ui/person.tsx';

// The further hooks are handed in, and come back for this connection and with its types.
const hooks = createWebSocketHooks(
  {
    codec: json<ServerWord, Command>(),
    heartbeat: lifeline(DEMO_HEARTBEAT),
    reconnect: { baseDelay: 500 },
    requests: {
      tag: (command, request) => ({ ...command, request }),
      reply: (word) =>
        'request' in word && word.request !== undefined ? { id: word.request } : null,
    },
  },
  { useOutbox, useRequest, usePresence },
);
const { WebSocketProvider, useWebSocket, useMessage, useWebSocketEvent } = hooks;
const {
  useOutbox: useChatOutbox,
  useRequest: useChatRequest,
  usePresence: useChatPresence,
} = hooks;

/** The messages of the room, and own drafts until the server has confirmed them. */
function useChat() {
  const request = useChatRequest();
  const outbox = useChatOutbox();
  const [said, setSaid] = useState<readonly Said[]>([]);
  const [own, setOwn] = useState<readonly Omit<Draft, 'state'>[]>([]);
  const [failed, setFailed] = useState<readonly string[]>([]);

  useMessage((word) => {
    if (word.demo === 'said') setSaid((all) => [...all, word]);
  });
  useWebSocketEvent('open', () => {
    request({ demo: 'history' }).then(
      (word) => word.demo === 'history' && setSaid(word.said),
      () => {}, // The next link asks again.
    );
  });

  const say = (text: string, id: string = crypto.randomUUID()) => {
    setOwn((all) => [...all, { id, text }]);
    // It is sent again until the server has confirmed it. The server ignores those it has, by their id.
    request({ demo: 'say', id, text }, { again: true, timeout: Infinity }).then(
      () => setOwn((all) => all.filter((draft) => draft.id !== id)),
      () => setFailed((all) => [...all, id]),
    );
  };

  const waits = (id: string) =>
    outbox.some(({ message }) => message.demo === 'say' && message.id === id);
  const drafts = own
    .filter(({ id }) => !said.some((known) => known.id === id))
    .map((draft): Draft => {
      const state = failed.includes(draft.id) ? 'dropped' : waits(draft.id) ? 'queued' : 'sent';
      return { ...draft, state };
    });
  return { said, drafts, say };
}

interface PersonProps {
  room: string;
  name: string;
  greeting?: string;
}

function Pane({ room, name, greeting }: PersonProps) {
  const { status } = useWebSocket();
  const { said, drafts, say } = useChat();
  const present = useChatPresence({ topic: roomTopic(room) }) ?? [];
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
