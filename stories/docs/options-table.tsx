import type { ReactNode } from 'react';
import type {
  HeartbeatOptions,
  OutboxOptions,
  ReconnectOptions,
  TopicOptions,
} from '../../src/index.ts';
import { resolveOptions } from '../../src/core/options/settings.ts';
import type { ServerOptions } from '../../src/server.ts';
import { resolveOptions as resolveServerOptions } from '../../src/server/options/settings.ts';
import { TableFrame } from './table-frame.tsx';

const settings = resolveOptions({ heartbeat: true });

/** A new option fails to compile until its meaning is told. */
type Meanings<Options> = { readonly [Name in keyof Options]-?: ReactNode };

/** Options with their meanings; the defaults come from the code. `words` tell those that no value does. */
function OptionsTable(props: {
  label: string;
  meanings: Readonly<Record<string, ReactNode>>;
  defaults?: object;
  words?: Readonly<Record<string, ReactNode>>;
}) {
  return (
    <TableFrame label={props.label}>
      <table className="docs-table docs-options">
        <thead>
          <tr>
            <th scope="col">option</th>
            {props.defaults && <th scope="col">default</th>}
            <th scope="col">meaning</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(props.meanings).map(([name, meaning]) => (
            <tr key={name}>
              <th scope="row">
                <code>{name}</code>
              </th>
              {props.defaults && (
                <td>
                  {props.words?.[name] ?? (
                    <Default name={name} value={Reflect.get(props.defaults, name)} />
                  )}
                </td>
              )}
              <td>{meaning}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Default({ name, value }: { name: string; value: unknown }) {
  return value === undefined ? '–' : <code>{literal(name, value)}</code>;
}

/** A value as one would write it in code. A function is exported by the name of its option. */
function literal(name: string, value: unknown): string {
  if (typeof value === 'function') return name;
  if (typeof value === 'number')
    return value === Infinity ? 'Infinity' : value.toLocaleString('en').replaceAll(',', '_');
  if (typeof value !== 'object' || value === null)
    return JSON.stringify(value).replaceAll('"', "'");
  const members = Object.entries(value).map(([key, member]) => `${key}: ${literal(key, member)}`);
  return `{ ${members.join(', ')} }`;
}

export const HeartbeatTable = () => (
  <OptionsTable
    label="Options of heartbeat"
    defaults={settings.heartbeat}
    meanings={
      {
        interval: 'from one probe to the next, in ms',
        timeout: 'how long a probe waits for a frame before the peer counts as dead, in ms',
        ping: 'a frame, a function that makes it, or null to only listen',
        pong: 'the text of the answer, or a predicate that knows it; a pong is not delivered',
      } satisfies Meanings<HeartbeatOptions>
    }
  />
);

export const ReconnectTable = () => (
  <OptionsTable
    label="Options of reconnect"
    defaults={settings.reconnect}
    meanings={
      {
        minDelay: 'the least delay, in ms',
        baseDelay: 'the range of the random part before the first attempt, in ms; it doubles',
        maxDelay: 'the largest range, in ms',
        maxAttempts: 'how many times in a row it is tried again',
        stableAfter: 'how long a link must be open for earlier failures to be forgotten, in ms',
        shouldReconnect: 'whether to try again, or after how many ms',
      } satisfies Meanings<ReconnectOptions>
    }
  />
);

export const OutboxTable = () => (
  <OptionsTable
    label="Options of outbox"
    defaults={settings.outbox}
    meanings={
      {
        maxMessages: 'how many messages may wait',
        maxBytes: 'how many bytes, text as UTF-8',
        overflow: (
          <>
            or <code>&apos;drop-newest&apos;</code>: which messages go when a bound is exceeded
          </>
        ),
      } satisfies Meanings<OutboxOptions>
    }
  />
);

export const TopicsTable = () => (
  <OptionsTable
    label="Options of topics"
    meanings={
      {
        of: 'the topic of a message, if it has one',
        subscribe: 'the messages to send for the topics that gained their first listener',
        unsubscribe: (
          <>
            the messages to send for the topics whose last listener left <code>linger</code> ago
          </>
        ),
      } satisfies Meanings<TopicOptions<unknown, unknown>>
    }
  />
);

export const ServerTable = () => (
  <OptionsTable
    label="Options of createLifelineServer"
    defaults={resolveServerOptions({})}
    words={
      {
        host: 'all addresses',
        path: 'any',
        origins: 'the host that the request is for',
        authenticate: 'everybody; the identity is the id of the connection',
        visible: 'everybody sees everybody',
        presence: <code>{'memoryPresence({ grace: 5_000 })'}</code>,
        broadcasts: 'none',
      } satisfies Partial<Record<keyof ServerOptions, ReactNode>>
    }
    meanings={
      {
        port: 'a port to listen on by itself; 0 for any that is free',
        host: 'the address to listen on with it',
        server: 'or an http server whose upgrades are taken; without both, call handleUpgrade()',
        path: 'the only path at which clients are taken',
        origins: 'which pages may connect: a list, or a predicate',
        authenticate: 'says who it is, by cookie, header or query; null is a 401',
        authenticateTimeout: 'how long that may take, in ms',
        maxPayload: 'the largest message, in bytes; a larger one closes with 1009',
        maxConnections: 'how many connections; one more is a 503',
        maxConnectionsPerIdentity: 'how many of one identity; one more closes the most silent one',
        rate: 'how many messages a client may send; one more closes with 1008',
        pingInterval: 'time between the protocol pings to a client, in ms',
        timeout: 'after how much silence a client is terminated, in ms',
        visible: 'whether one who watches may know of another',
        presence: 'judges who is online: memoryPresence(), or redisPresence(), which servers share',
        broadcasts: 'carries broadcasts to other servers: redisBroadcast()',
      } satisfies Meanings<ServerOptions>
    }
  />
);
