import { type ReactNode, useEffect, useEffectEvent, useState } from 'react';
import { confirmed } from '../../src/delivery.ts';
import { createWebSocketHooks, json, useOutbox } from '../../src/index.ts';
import { lifeline } from '../../src/presence.ts';
import { DEMO_HEARTBEAT, DEMO_RECONNECT, demoUrl, useRoom } from '../parts/demo-provider.tsx';
import { type Counts, TwoWays, useCounts, useTalk } from '../parts/two-ways.tsx';
import { usePlainSocket } from '../parts/use-plain-socket.ts';
import { useReportedEvents } from '../parts/use-reported-events.ts';
import type { Command, ServerWord } from '../server/words.ts';
import { Button } from '../ui/controls.tsx';
import { Columns, Page } from '../ui/page.tsx';

const hooks = createWebSocketHooks(
  {
    codec: json<ServerWord, Command>(),
    heartbeat: lifeline(DEMO_HEARTBEAT),
    reconnect: DEMO_RECONNECT,
    delivery: confirmed(),
  },
  { useOutbox },
);

/** What befalls both connections at once. */
const faults = {
  cut: 'The cable is cut for 2 s. The connections look open, but nothing arrives.',
  kill: 'The server is killed for 3 s. It kept its data, as with Redis, and goes on with it.',
  reload:
    'Both pages reload. That of react-lifeline first waits until the server has confirmed everything.',
};
type Fault = keyof typeof faults;

interface PageProps {
  room: string;
  counts: Counts;
  /** The latest fault; each press of a button makes a new object. */
  fault: { readonly name: Fault } | null;
  /** This page may go now. */
  onReload: () => void;
}

/** Calls `befalls` once for each fault that happens while this page is there. */
function useFault(fault: PageProps['fault'], befalls: (fault: Fault) => void) {
  const [old] = useState(fault);
  const befall = useEffectEvent(befalls);
  useEffect(() => {
    if (fault && fault !== old) befall(fault.name);
  }, [fault, old]);
}

const commands: Record<Exclude<Fault, 'reload'>, Command> = {
  cut: { demo: 'cut', seconds: 2 },
  kill: { demo: 'kill', seconds: 3 },
};

const PLAIN = {
  title: 'A plain WebSocket',
  note: 'Connects again when it is closed. That is all.',
};

function Plain({ room, counts, fault, onReload }: PageProps) {
  const url = demoUrl(room, { name: PLAIN.title });
  const { status, send } = usePlainSocket(url, {
    open: () => send({ demo: 'talk' }),
    message: counts.hear,
  });
  useTalk(true, () => counts.sayNext(send));
  useFault(fault, (name) => (name === 'reload' ? onReload() : send(commands[name])));
  return <TwoWays {...PLAIN} status={status} counts={counts} />;
}

const OURS = {
  title: 'react-lifeline',
  note: (
    <>
      With the option <code>{'delivery={confirmed()}'}</code>
    </>
  ),
};

function Confirmed({ counts, fault, onReload }: PageProps) {
  const { status, send, connection } = hooks.useWebSocket();
  useReportedEvents(connection);
  const unconfirmed = hooks.useOutbox().length;
  const [isLeaving, setLeaving] = useState(false);

  hooks.useWebSocketEvent('open', () => send({ demo: 'talk' }, { queue: false }));
  hooks.useMessage(counts.hear);
  useTalk(!isLeaving, () => counts.sayNext(send));
  useFault(fault, (name) =>
    name === 'reload' ? setLeaving(true) : send(commands[name], { queue: false }),
  );
  // A page knows what is not confirmed yet, and stays until it is.
  const mayLeave = isLeaving && unconfirmed === 0;
  useEffect(() => {
    if (mayLeave) onReload();
  }, [mayLeave, onReload]);
  return <TwoWays {...OURS} status={status} counts={counts} />;
}

const Ours = (props: PageProps) => (
  <hooks.WebSocketProvider url={demoUrl(props.room, { name: OURS.title })}>
    <Confirmed {...props} />
  </hooks.WebSocketProvider>
);

const RELOAD_PERIOD = 800;

/** A page that can be loaded again. Its counts outlive it. */
function Reloadable(props: {
  room: string;
  fault: PageProps['fault'];
  texts: { readonly title: string; readonly note: ReactNode };
  content: (props: PageProps) => ReactNode;
}) {
  const { texts, content: Content, ...rest } = props;
  const counts = useCounts(texts.title);
  const [isLoaded, setLoaded] = useState(true);
  const load = useEffectEvent(() => {
    // Not when it leaves: the old page may still hear a number then.
    counts.beginPage();
    setLoaded(true);
  });
  useEffect(() => {
    if (isLoaded) return;
    const timer = setTimeout(() => load(), RELOAD_PERIOD);
    return () => clearTimeout(timer);
  }, [isLoaded]);
  const onReload = () => setLoaded(false);
  return isLoaded ? (
    <Content {...rest} counts={counts} onReload={onReload} />
  ) : (
    <TwoWays {...texts} status="connecting" counts={counts} />
  );
}

/** Two connections side by side, and a button for each fault. */
export function NothingIsLost(props: { room?: string }) {
  const room = useRoom(props.room);
  const [fault, setFault] = useState<PageProps['fault']>(null);
  const button = (name: Fault, text: string) => (
    <Button onClick={() => setFault({ name })}>{text}</Button>
  );
  return (
    <Page
      title="Nothing is lost"
      lede="The page and the server send numbers to each other, over two connections side by side. Break both: red marks are numbers that never arrive."
    >
      <section className="ui-panel ui-bar" aria-label="Break both connections">
        <div className="ui-buttons">
          {button('cut', 'Cut the cable')}
          {button('kill', 'Kill the server')}
          {button('reload', 'Reload the pages')}
        </div>
        <output className="ui-note ui-bar-words">
          {fault ? faults[fault.name] : 'Both connections work. Press a button.'}
        </output>
      </section>
      <Columns>
        <Reloadable room={room} fault={fault} texts={PLAIN} content={Plain} />
        <Reloadable room={room} fault={fault} texts={OURS} content={Ours} />
      </Columns>
    </Page>
  );
}
