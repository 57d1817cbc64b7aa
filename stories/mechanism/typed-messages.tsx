import { useState } from 'react';
import { z } from 'zod';
import { createWebSocketHooks, DecodeError, json } from '../../src/index.ts';
import { ControlBar } from '../parts/control-bar.tsx';
import { DEMO_HEARTBEAT, useDemoUrl } from '../parts/demo-provider.tsx';
import { describeFrame } from '../parts/wording.ts';
import { Action, Actions, Button } from '../ui/controls.tsx';
import { Columns, Page, Stack } from '../ui/page.tsx';
import { Fact, Facts, FrameView, Panel } from '../ui/panel.tsx';

const schema = z.union([
  z.object({ type: z.literal('order'), item: z.string(), quantity: z.number().int().positive() }),
  // What the demo server says of its own accord.
  z.looseObject({ demo: z.string() }),
]);
const out = z.object({ type: z.literal('order'), item: z.string(), quantity: z.number() });

const { WebSocketProvider, useWebSocket, useWebSocketEvent } = createWebSocketHooks({
  codec: json({ schema, out }),
  heartbeat: DEMO_HEARTBEAT,
});

/** The server echoes: what is sent to it is what arrives. */
function Sender() {
  const { send, connection, status } = useWebSocket();
  const raw = (frame: string | ArrayBuffer) => connection.socket?.send(frame);
  const off = status !== 'open';
  return (
    <Panel title="Let the server send" note="It echoes what it gets.">
      <Actions>
        <Action name="A good message" effect="It fits the schema and becomes the last message.">
          {(id) => (
            <Button
              kind="primary"
              off={off}
              aria-describedby={id}
              onClick={() => send({ type: 'order', item: 'tea', quantity: 2 })}
            >
              Order tea
            </Button>
          )}
        </Action>
        <Action name="A message that does not fit" effect="JSON, but the quantity is wrong.">
          {(id) => (
            <Button
              off={off}
              aria-describedby={id}
              onClick={() => send({ type: 'order', item: 'tea', quantity: -2 })}
            >
              Order −2
            </Button>
          )}
        </Action>
        <Action name="Half a message" effect="Not even JSON.">
          {(id) => (
            <Button off={off} aria-describedby={id} onClick={() => raw('{"type":"ord')}>
              Send half
            </Button>
          )}
        </Action>
        <Action name="A binary frame" effect="Where JSON is expected.">
          {(id) => (
            <Button off={off} aria-describedby={id} onClick={() => raw(new ArrayBuffer(8))}>
              Send 8 bytes
            </Button>
          )}
        </Action>
      </Actions>
    </Panel>
  );
}

function LastMessage() {
  const { lastMessage } = useWebSocket();
  return (
    <Panel title="The last message">
      {lastMessage && 'type' in lastMessage ? (
        <Facts>
          <Fact name="type">{String(lastMessage.type)}</Fact>
          <Fact name="item">{String(lastMessage.item)}</Fact>
          <Fact name="quantity">{String(lastMessage.quantity)}</Fact>
        </Facts>
      ) : (
        <p className="ui-note">No order yet.</p>
      )}
    </Panel>
  );
}

function Errors() {
  const [{ count, last }, setErrors] = useState<{ count: number; last?: DecodeError }>({
    count: 0,
  });
  useWebSocketEvent('error', (error) => {
    if (error instanceof DecodeError) setErrors((old) => ({ count: old.count + 1, last: error }));
  });
  return (
    <Panel title="What could not be read" note={`${count} so far; the link stays`}>
      {last ? (
        <div className="ui-lines">
          <FrameView label="frame">{describeFrame(last.frame)}</FrameView>
          <FrameView label="issues">{JSON.stringify(last.issues, null, 1)}</FrameView>
          <FrameView label="cause">
            {last.cause instanceof Error ? String(last.cause) : 'undefined'}
          </FrameView>
        </div>
      ) : (
        <p className="ui-note">Nothing yet.</p>
      )}
    </Panel>
  );
}

function Controls() {
  const { connection } = useWebSocket();
  return <ControlBar connection={connection} />;
}

/** Messages that a schema checks as they arrive. What does not fit is an event, not a lost connection. */
export function TypedMessages({ room = '' }: { room?: string }) {
  return (
    <WebSocketProvider url={useDemoUrl(room)}>
      <Page
        title="Typed messages"
        lede="A schema checks every message as it arrives. One that does not fit is an error event with the frame and the issues; the connection does not care."
      >
        <Controls />
        <Columns>
          <Stack>
            <Sender />
          </Stack>
          <Stack>
            <LastMessage />
            <Errors />
          </Stack>
        </Columns>
      </Page>
    </WebSocketProvider>
  );
}
