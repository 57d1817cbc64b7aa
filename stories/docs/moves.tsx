import type PartySocket from 'partysocket/ws';
import type { useWebSocket as usePartyWebSocket } from 'partysocket/react';
import type reactUseWebSocket from 'react-use-websocket';
import { Fragment } from 'react';
import { TableFrame } from './table-frame.tsx';

/** What to write instead, and what differs; backticks mark code. An empty text: there is none. */
type Move = readonly [to: string, differs?: string];
type Moves<Name extends PropertyKey> = { readonly [Key in Name]: Move };

type FromOptions = NonNullable<Parameters<typeof reactUseWebSocket>[1]>;
type PartyOptions = NonNullable<Parameters<typeof usePartyWebSocket>[2]>;

const GROW = 'grows from 250 ms plus up to 3 s, with jitter, to 30 s';

/** All that react-use-websocket returns and takes: a new field of theirs fails to compile here. */
const reactUseWebSocketMoves = {
  sendMessage: [
    'send',
    'says what became of the message; `keep` is `{ queue }`; the queue has bounds',
  ],
  sendJsonMessage: ['createWebSocketHooks({ codec: json() })', 'then `send` takes messages, typed'],
  lastMessage: [
    'lastMessage',
    'the data, not the event; at most one render a frame; for all of them, `useMessage`',
  ],
  lastJsonMessage: [
    'lastMessage',
    'with `json()`; checked if there is a schema; bad JSON is an `error` event',
  ],
  readyState: ['readyState', 'no `UNINSTANTIATED` (-1): it is 3, with `status` `idle`'],
  getWebSocket: ['connection.socket', 'the socket itself, another one with every link'],
  share: [
    '<WebSocketProvider>',
    'shared by place in the tree, not by equal urls: one set of options, one outbox',
  ],
  shouldReconnect: [
    'reconnect.shouldReconnect',
    'on by default; gets a `Cause`, not an event; may return a delay in ms',
  ],
  reconnectInterval: ['reconnect.baseDelay', GROW],
  reconnectAttempts: [
    'reconnect.maxAttempts',
    'unlimited, not 20; failures are forgotten after 5 s of a link, not on open',
  ],
  onReconnectStop: ['onClose', 'its second argument, `final`, is true'],
  retryOnError: ['', 'failed attempts are tried again as lost links are'],
  heartbeat: [
    'heartbeat',
    '`message` is `ping`, `returnMessage` is `pong`; `timeout` runs from the probe; a dead socket is replaced at once',
  ],
  filter: [
    'useMessages({ limit: 1, filter })',
    'or `useTopic`; `lastMessage` is always the newest',
  ],
  onOpen: ['onOpen', 'gets `{ reconnected, downtime }`'],
  onMessage: ['onMessage', 'gets the message'],
  onClose: ['onClose', 'gets `cause` and `final`; also for attempts that failed'],
  onError: [
    'onClose',
    'a failed attempt has a cause; `onError` is for frames that cannot be decoded',
  ],
  protocols: ['protocols', 'may be a function, called for every attempt'],
  queryParams: ['url', 'put them into the url'],
  disableJson: ['', 'frames stay as they are unless there is a codec'],
  fromSocketIO: ['', 'Socket.IO has a protocol of its own, and a client'],
  eventSourceOptions: ['', 'for WebSockets only'],
  skipAssert: ['', ''],
} satisfies Moves<keyof FromOptions | keyof ReturnType<typeof reactUseWebSocket>>;

/** All options of partysocket's hook, and what its socket is used for. */
const partySocketMoves = {
  send: [
    'send',
    "returns `'sent'`, `'queued'` or `'dropped'`, not a boolean; ahead of the queue go the `open` handlers",
  ],
  close: ['close', ''],
  reconnect: ['reconnect', 'at once, also out of a wait'],
  readyState: ['readyState, status', 'React state: the component renders when it changes'],
  retryCount: ['attempt', 'React state; with `retryAt` and `cause`'],
  bufferedAmount: ['connection.socket.bufferedAmount', 'of the socket alone'],
  addEventListener: [
    'useWebSocketEvent, useMessage',
    'or `connection.on()`, which returns the function that removes it',
  ],
  enabled: ['enabled', 'what is queued is dropped, with a `drop` event'],
  startClosed: ['createConnection()', 'idle until `open()`, or until a component holds it'],
  maxRetries: ['reconnect.maxAttempts', ''],
  minReconnectionDelay: ['reconnect.minDelay, baseDelay', GROW],
  maxReconnectionDelay: ['reconnect.maxDelay', '30 s, not 10 s'],
  reconnectionDelayGrowFactor: [
    '',
    'the range doubles; for a law of your own, return a delay from `shouldReconnect`',
  ],
  minUptime: ['reconnect.stableAfter', 'also 5 s'],
  connectionTimeout: ['connectTimeout', '10 s, not 4 s; the url function is under it, too'],
  shouldReconnectOnClose: [
    'reconnect.shouldReconnect',
    'gets a `Cause`; 1008, 4401 and 4403 are tried once more by default, 1002, 1003, 1007, 1009 and 1010 never',
  ],
  maxEnqueuedMessages: ['outbox.maxMessages', '1,000, not unlimited; also `maxBytes`'],
  transferEnqueuedMessages: [
    'scope',
    'another url under the same scope keeps what is queued, another scope drops it',
  ],
  WebSocket: ['WebSocket', ''],
  onOpen: ['onOpen', 'gets `{ reconnected, downtime }`'],
  onMessage: ['onMessage', 'gets the message'],
  onClose: ['onClose', 'gets `cause` and `final`'],
  onError: [
    'onClose',
    'a failed attempt has a cause; `onError` is for frames that cannot be decoded',
  ],
  debug: ['', '`connection.subscribe()` and the events tell everything'],
  debugLogger: ['', ''],
} satisfies Moves<keyof PartyOptions> & Partial<Moves<keyof PartySocket>>;

function MovesTable({ from, moves }: { from: string; moves: Moves<string> }) {
  return (
    <TableFrame label={from}>
      <table className="docs-table docs-moves">
        <thead>
          <tr>
            <th scope="col">{from}</th>
            <th scope="col">react-lifeline</th>
            <th scope="col">what differs</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(moves)
            .filter(([, move]) => move.some(Boolean))
            .map(([name, [to, differs = '']]) => (
              <tr key={name}>
                <th scope="row">
                  <code>{name}</code>
                </th>
                <td>{to ? <code>{to}</code> : '–'}</td>
                <td>
                  <WithCode text={differs} />
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

/** A text whose every second part, between backticks, is code. */
function WithCode({ text }: { text: string }) {
  return text
    .split('`')
    .map((part, n) => (n % 2 ? <code key={n}>{part}</code> : <Fragment key={n}>{part}</Fragment>));
}

export const ReactUseWebSocketTable = () => (
  <MovesTable from="react-use-websocket 4" moves={reactUseWebSocketMoves} />
);
export const PartySocketTable = () => <MovesTable from="partysocket 1" moves={partySocketMoves} />;
