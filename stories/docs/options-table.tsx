import type { ReactNode } from 'react';
import type {
  HeartbeatOptions,
  OutboxOptions,
  ReconnectOptions,
  TopicOptions,
} from '../../src/index.ts';
import { resolveOptions } from '../../src/core/settings.ts';

const settings = resolveOptions({ heartbeat: true });

/** Options with their meanings; the defaults come from the code. */
function OptionsTable<Options extends object>(props: {
  label: string;
  meanings: { readonly [Name in keyof Required<Options>]: ReactNode };
  defaults?: object;
}) {
  return (
    <div className="docs-scroll sb-unstyled" role="region" aria-label={props.label} tabIndex={0}>
      <table className="docs-table docs-options">
        <thead>
          <tr>
            <th scope="col">option</th>
            {props.defaults && <th scope="col">default</th>}
            <th scope="col">meaning</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries<ReactNode>(props.meanings).map(([name, meaning]) => (
            <tr key={name}>
              <th scope="row">
                <code>{name}</code>
              </th>
              {props.defaults && (
                <td>
                  <code>{literal(name, Reflect.get(props.defaults, name))}</code>
                </td>
              )}
              <td>{meaning}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A value as one would write it in code. A function is exported by the name of its option. */
function literal(name: string, value: unknown): string {
  if (typeof value === 'function') return name;
  if (typeof value === 'number')
    return value.toLocaleString('en').replaceAll(',', '_').replace('∞', 'Infinity');
  return typeof value === 'string' ? `'${value}'` : String(value);
}

export const HeartbeatTable = () => (
  <OptionsTable<HeartbeatOptions>
    label="Options of heartbeat"
    defaults={settings.heartbeat}
    meanings={{
      interval: 'from one probe to the next, in ms',
      timeout: 'how long a probe waits for a frame before the peer counts as dead, in ms',
      ping: 'a frame, a function that makes it, or null to only listen',
      pong: 'the text of the answer, or a predicate that knows it; a pong is not delivered',
    }}
  />
);

export const ReconnectTable = () => (
  <OptionsTable<ReconnectOptions>
    label="Options of reconnect"
    defaults={settings.reconnect}
    meanings={{
      minDelay: 'the least delay, in ms',
      baseDelay: 'the range of the random part before the first attempt, in ms; it doubles',
      maxDelay: 'the largest range, in ms',
      maxAttempts: 'how many times in a row it is tried again',
      stableAfter: 'how long a link must be open for earlier failures to be forgotten, in ms',
      shouldReconnect: 'whether to try again, or after how many ms',
    }}
  />
);

export const OutboxTable = () => (
  <OptionsTable<OutboxOptions>
    label="Options of outbox"
    defaults={settings.outbox}
    meanings={{
      maxMessages: 'how many messages may wait',
      maxBytes: 'how many bytes, text as UTF-8',
      overflow: (
        <>
          or <code>&apos;drop-newest&apos;</code>: which messages go when a bound is exceeded
        </>
      ),
    }}
  />
);

export const TopicsTable = () => (
  <OptionsTable<TopicOptions<unknown, unknown>>
    label="Options of topics"
    meanings={{
      of: 'the topic of a message, if it has one',
      subscribe: 'the messages to send for the topics that gained their first listener',
      unsubscribe: (
        <>
          the messages to send for the topics whose last listener left <code>linger</code> ago
        </>
      ),
    }}
  />
);
