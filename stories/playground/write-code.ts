import type { Chosen, Fields } from './settings.ts';

/** How long a line may be. */
const WIDTH = 100;

/** The code of an app with these options. It runs when it is pasted. */
export function writeCode(chosen: Chosen): string {
  // A session belongs to somebody: the demo server takes each link without a name for another person.
  const url = `ws://localhost:8080${chosen.delivery ? '?name=You' : ''}`;
  const props = [`url="${url}"`, ...writeProps(chosen)];
  const oneLine = `    <WebSocketProvider ${props.join(' ')}>`;
  const isLong = oneLine.length > WIDTH || props.some((prop) => prop.includes('\n'));
  const open = isLong
    ? ['    <WebSocketProvider', ...props.map((prop) => `      ${prop}`), '    >']
    : [oneLine];
  const fields = ['status', 'lastMessage', chosen.manual && 'open', 'send'].filter(Boolean);
  return [
    chosen.delivery && "import { confirmed } from 'react-lifeline/delivery';",
    "import { useWebSocket, WebSocketProvider } from 'react-lifeline';",
    chosen.delivery && "import { lifeline } from 'react-lifeline/presence';",
    '',
    'export default function App() {',
    '  return (',
    ...open,
    '      <Echo />',
    '    </WebSocketProvider>',
    '  );',
    '}',
    '',
    'function Echo() {',
    `  const { ${fields.join(', ')} } = useWebSocket();`,
    '  return (',
    '    <>',
    '      <p>Status: {status}</p>',
    "      <p>Last message: {typeof lastMessage === 'string' ? lastMessage : 'none yet'}</p>",
    chosen.manual && '      <button onClick={open}>Open</button>',
    "      <button onClick={() => send('hello')}>Send</button>",
    '    </>',
    '  );',
    '}',
  ]
    .filter((line) => typeof line === 'string')
    .join('\n');
}

function writeProps({ delivery, heartbeat, ...chosen }: Chosen): string[] {
  const all = {
    ...(heartbeat && { heartbeat: delivery ? lifelineOf(heartbeat as Fields | true) : heartbeat }),
    ...chosen,
  };
  const props = Object.entries(all).map(([name, value]) => writeProp(name, value));
  return delivery ? [...props, 'delivery={confirmed()}'] : props;
}

/** An expression as it is, in a list of one. */
type Expression = readonly [code: string];

function lifelineOf(heartbeat: Fields | true): Expression {
  const { maxTimeout, ...times } = heartbeat === true ? ({} as Fields) : heartbeat;
  const call = `lifeline(${Object.keys(times).length > 0 ? objectOf(times) : ''})`;
  return [maxTimeout ? `{ ...${call}, maxTimeout: ${literal(maxTimeout)} }` : call];
}

function writeProp(name: string, value: Chosen[string] | Expression): string {
  if (value === true) return name;
  if (typeof value === 'string') return `${name}="${value}"`;
  if (typeof value !== 'object') return `${name}={${literal(value)}}`;
  if (isExpression(value)) return `${name}={${value[0]}}`;
  const oneLine = `${name}={${objectOf(value)}}`;
  if (oneLine.length <= WIDTH - 6) return oneLine;
  const lines = membersOf(value).map((member) => `        ${member},`);
  return [`${name}={{`, ...lines, '      }}'].join('\n');
}

const isExpression = (value: Fields | Expression): value is Expression => Array.isArray(value);

const membersOf = (fields: Fields) =>
  Object.entries(fields).map(([name, value]) => `${name}: ${literal(value)}`);

const objectOf = (fields: Fields) => `{ ${membersOf(fields).join(', ')} }`;

/** A value as it is written in code: 2_000, 'drop-newest'. */
const literal = (value: Fields[string]) =>
  typeof value === 'string' ? `'${value}'` : String(value).replaceAll(/\B(?=(\d{3})+$)/g, '_');
