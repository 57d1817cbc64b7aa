import { useEffect, useMemo, useState } from 'react';
import { confirmed } from '../../src/delivery.ts';
import { createWebSocketHooks, json, useOutbox } from '../../src/index.ts';
import { lifeline, usePresence } from '../../src/presence.ts';
import { ChatRoom } from '../parts/chat-room.tsx';
import { ControlBar } from '../parts/control-bar.tsx';
import { DEMO_HEARTBEAT, DEMO_RECONNECT, demoUrl, useRoom } from '../parts/demo-provider.tsx';
import { SecondWindow } from '../parts/second-window.tsx';
import { nameIn, roomTopic } from '../server/guest.ts';
import type { Said, Say, ServerWord } from '../server/words.ts';
import { Page } from '../ui/page.tsx';
import { Person } from '../ui/person.tsx';

// The further hooks are handed in, and come back for this connection and with its types.
const hooks = createWebSocketHooks(
  {
    codec: json<ServerWord, Say>(),
    heartbeat: lifeline(DEMO_HEARTBEAT),
    reconnect: DEMO_RECONNECT,
    delivery: confirmed(),
  },
  { useOutbox, usePresence },
);
const { WebSocketProvider, useWebSocket, useMessage, useWebSocketEvent } = hooks;

interface PersonProps {
  room: string;
  name: string;
  /** Said when everybody is here and so many messages have been said. */
  greeting?: string;
  after?: number;
}

function Pane({ room, name, greeting, after }: PersonProps) {
  const { status, send } = useWebSocket();
  const unconfirmed = hooks.useOutbox();
  const present = hooks.usePresence({ topic: roomTopic(room) }) ?? [];
  const [said, setSaid] = useState<readonly Said[]>([]);
  const add = (...more: Said[]) => setSaid((all) => [...all, ...more]);
  const addOwn = (own: readonly Say[]) => add(...own.map(({ text }) => ({ from: name, text })));

  useMessage((word) => word.demo === 'said' && add(word));
  useWebSocketEvent('confirm', addOwn);
  useWebSocketEvent('uncertain', (own) =>
    add(...own.map(({ text }) => ({ from: 'Chat', text: `Perhaps not delivered: ${text}` }))),
  );
  useWebSocketEvent('gap', () => add({ from: 'Chat', text: 'Some messages are missing here.' }));

  const greets = present.length === 1 + OTHERS.length && said.length === after;
  useEffect(() => {
    if (greets && greeting) send({ demo: 'say', text: greeting });
  }, [greets, greeting, send]);

  return (
    <Person name={name} status={status}>
      <ChatRoom
        name={name}
        present={present.map(nameIn)}
        online={status === 'open'}
        isClosed={status === 'closed'}
        said={said}
        unconfirmed={unconfirmed}
        announces={greeting === undefined}
        onSay={(text) => send({ demo: 'say', text })}
      />
    </Person>
  );
}

function You(props: PersonProps) {
  const { connection } = useWebSocket();
  return (
    <>
      <ControlBar connection={connection} title={`Connection of ${props.name}`} isCounted />
      <Pane {...props} />
    </>
  );
}

/** You, in the first window. */
const HOST = 'Ada';

const OTHERS: Omit<PersonProps, 'room'>[] = [
  { name: 'Grace', greeting: 'Good morning. Does anybody know why staging is down?', after: 0 },
  { name: 'Hedy', greeting: 'I am restarting it. Back in a minute.', after: 1 },
];

/** Three people with a connection each. The control bar breaks that of Ada. */
export function Chat(props: {
  room?: string;
  /** In a second window, somebody else: the others are in the first one. */
  name?: string;
  interval?: number;
  timeout?: number;
}) {
  const { interval, timeout } = { ...DEMO_HEARTBEAT, ...props };
  const heartbeat = useMemo(() => lifeline({ interval, timeout }), [interval, timeout]);
  const room = useRoom(props.room);
  const { name = HOST } = props;
  return (
    <Page
      title="Chat"
      lede={
        <>
          You are {name}. Break your connection and keep writing: your messages wait, and are
          delivered when the connection is back. So are the messages that others wrote meanwhile.{' '}
          {name === HOST && <SecondWindow room={room} />}
        </>
      }
    >
      <div className="ui-people">
        <WebSocketProvider url={demoUrl(room, { name })} heartbeat={heartbeat}>
          <You room={room} name={name} />
        </WebSocketProvider>
        {name === HOST &&
          OTHERS.map((person) => (
            <WebSocketProvider key={person.name} url={demoUrl(room, { name: person.name })}>
              <Pane room={room} {...person} />
            </WebSocketProvider>
          ))}
      </div>
    </Page>
  );
}
