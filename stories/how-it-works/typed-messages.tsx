import { useState } from 'react';
import { z } from 'zod';
import { createWebSocketHooks, DecodeError, json } from '../../src/index.ts';
import { createControlBar } from '../parts/control-bar.tsx';
import { DEMO_HEARTBEAT, DEMO_RECONNECT, useDemoUrl } from '../parts/demo-provider.tsx';
import { describeFrame } from '../parts/wording.ts';
import { Action, Actions, Button } from '../ui/controls.tsx';
import { Columns, Page, Stack } from '../ui/page.tsx';
import { Fact, Facts, FrameView, Panel } from '../ui/panel.tsx';

const schema = z.union([
  z.object({ type: z.literal('order'), item: z.string(), quantity: z.number().int().positive() }),
  // Messages of the demo server itself.
  z.looseObject({ demo: z.string() }),
]);
const out = z.object({ type: z.literal('order'), item: z.string(), quantity: z.number() });

const { WebSocketProvider, useWebSocket, useWebSocketEvent } = createWebSocketHooks({
  codec: json({ schema, out }),
  heartbeat: DEMO_HEARTBEAT,
  reconnect: DEMO_RECONNECT,
});

/** Sends messages, which the server echoes. */
function Sender() {
  const { send, connection, status } = useWebSocket();
  const raw = (frame: string | ArrayBuffer) => connection.socket?.send(frame);
  const off = status !== 'open';
  return (
    <Panel title="Send a message" note="The server echoes it.">
      <Actions>
        <Action name="A valid message" effect="It fits the schema.">
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
        <Action name="An invalid message" effect="The quantity is below zero.">
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
        <Action name="Broken JSON" effect="The text is not complete.">
          {(id) => (
            <Button off={off} aria-describedby={id} onClick={() => raw('{"type":"ord')}>
              Send broken JSON
            </Button>
          )}
        </Action>
        <Action name="A binary frame" effect="Bytes instead of JSON.">
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
    <Panel title="Errors" note={`${count} so far`}>
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

const ControlBar = createControlBar(useWebSocket);

/** A schema checks each message. An invalid one causes an error event, and the connection stays open. */
export function TypedMessages({ room = '' }: { room?: string }) {
  return (
    <WebSocketProvider url={useDemoUrl(room)}>
      <Page
        title="Typed messages"
        lede="A schema checks every message that arrives. A wrong message causes an error event, which says what is wrong. The connection stays open."
      >
        <ControlBar />
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
