import { type KeyboardEvent, useRef, useState } from 'react';
import { type Codec, createWebSocketHooks } from '../../src/index.ts';
import { ControlBar } from '../parts/control-bar.tsx';
import { DEMO_HEARTBEAT, DEMO_RECONNECT, useDemoUrl } from '../parts/demo-provider.tsx';
import { describeFrame } from '../parts/wording.ts';
import { Columns, Page } from '../ui/page.tsx';
import { FrameView, Panel } from '../ui/panel.tsx';

/** Eight rows of eight dots: a byte for each row, a bit for each dot. */
type Picture = Uint8Array<ArrayBuffer>;

/** Converts between pictures and frames. The demo server also sends text, which is no picture. */
const codec: Codec<Picture | null, Picture> = {
  encode: (picture) => picture,
  decode: (frame) => (frame instanceof ArrayBuffer ? new Uint8Array(frame) : null),
};

const { WebSocketProvider, useWebSocket, useMessages, useWebSocketEvent } = createWebSocketHooks({
  codec,
  heartbeat: DEMO_HEARTBEAT,
  reconnect: DEMO_RECONNECT,
});

const HEART: Picture = Uint8Array.of(0, 102, 255, 255, 255, 126, 60, 24);
const isPicture = (message: Picture | null) => message !== null;
const isOn = (picture: Picture, row: number, column: number) =>
  (((picture[row] ?? 0) >> (7 - column)) & 1) === 1;

function toggled(picture: Picture, row: number, column: number): Picture {
  const copy = picture.slice();
  copy[row] = (copy[row] ?? 0) ^ (1 << (7 - column));
  return copy;
}

const PLACES = Array.from({ length: 64 }, (_, n) => [n >> 3, n & 7] as const);

/** How far each arrow key goes, in dots. */
const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -8, ArrowDown: 8 };

/** The picture to send. It is one tab stop; the arrow keys go from dot to dot. */
function EditableDots(props: {
  picture: Picture;
  onToggle: (row: number, column: number) => void;
}) {
  const { picture, onToggle } = props;
  const [current, setCurrent] = useState(0);
  const dots = useRef<HTMLFieldSetElement>(null);
  const go = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    // They would scroll the page.
    event.preventDefault();
    const next = current + step;
    const dot = dots.current?.querySelectorAll('button')[next];
    const isAcrossRows = Math.abs(step) === 1 && next >> 3 !== current >> 3;
    if (!dot || isAcrossRows) return;
    setCurrent(next);
    dot.focus();
  };
  return (
    <fieldset ref={dots} className="ui-dots" aria-label="The picture to send">
      {PLACES.map(([row, column], n) => (
        <button
          key={n}
          type="button"
          tabIndex={n === current ? 0 : -1}
          aria-pressed={isOn(picture, row, column)}
          aria-label={`Row ${row + 1}, dot ${column + 1}`}
          onKeyDown={go}
          onClick={() => {
            setCurrent(n);
            onToggle(row, column);
          }}
        />
      ))}
    </fieldset>
  );
}

const Dots = ({ picture }: { picture: Picture }) => (
  // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a drawing without a file
  <div className="ui-dots" role="img" aria-label="The echoed picture">
    {PLACES.map(([row, column], n) => (
      <span key={n} data-on={isOn(picture, row, column) || undefined} />
    ))}
  </div>
);

function Pictures() {
  const { connection, send } = useWebSocket();
  const [own, setOwn] = useState(HEART);
  useWebSocketEvent('open', () => send(own));
  const [echo] = useMessages({ limit: 1, filter: isPicture });
  return (
    <>
      <ControlBar connection={connection} />
      <Columns>
        <Panel
          title="Your picture"
          note="Each change sends eight bytes. Click, or use the arrow keys and space."
        >
          <div className="ui-lines">
            <EditableDots
              picture={own}
              onToggle={(row, column) => {
                const next = toggled(own, row, column);
                setOwn(next);
                send(next);
              }}
            />
            <FrameView label="frame">{describeFrame(own.buffer)}</FrameView>
          </div>
        </Panel>
        <Panel title="The echo" note="The server echoes each frame.">
          <div className="ui-lines">
            <Dots picture={echo ?? new Uint8Array(8)} />
            <FrameView label="frame">{echo ? describeFrame(echo.buffer) : 'none yet'}</FrameView>
          </div>
        </Panel>
      </Columns>
    </>
  );
}

/** Binary frames, with a codec of the app. */
export function Binary({ room = '' }: { room?: string }) {
  return (
    <WebSocketProvider url={useDemoUrl(room)}>
      <Page
        title="Binary"
        lede="A picture of 64 dots is sent as eight bytes. Two functions, the codec, convert it. Binary frames use the same connection, heartbeat and outbox as text."
      >
        <Pictures />
      </Page>
    </WebSocketProvider>
  );
}
