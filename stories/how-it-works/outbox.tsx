import { WebSocketProvider } from '../../src/index.ts';
import { ProviderControlBar } from '../parts/control-bar.tsx';
import { DEMO_HEARTBEAT, DEMO_RECONNECT, useDemoUrl } from '../parts/demo-provider.tsx';
import { MessageStates } from '../parts/message-states.tsx';
import { Page } from '../ui/page.tsx';

/** Messages sent without a link, and what becomes of them. */
export function Outbox({
  room = '',
  maxMessages = 5,
  overflow = 'drop-oldest',
}: {
  room?: string;
  maxMessages?: number;
  overflow?: 'drop-oldest' | 'drop-newest';
}) {
  return (
    <WebSocketProvider
      url={useDemoUrl(room)}
      heartbeat={DEMO_HEARTBEAT}
      reconnect={DEMO_RECONNECT}
      outbox={{ maxMessages, overflow }}
    >
      <Page
        title="Queue while offline"
        lede={
          <>
            Messages that you send without a connection wait in the outbox, and are sent after the
            reconnect, in order. Dropped messages raise a <code>drop</code> event.
          </>
        }
      >
        <ProviderControlBar />
        <MessageStates
          note={`The outbox of this story holds ${maxMessages} messages. Above that, it drops one. “Send without queueing” drops a message instead of queueing it.`}
        />
      </Page>
    </WebSocketProvider>
  );
}
