import { type ConnectionOptions, createConnection, json } from '../../src/core.ts';
import { recordings } from '../../src/devtools/recorder/recordings.ts';
import type { Entry, Recording } from '../../src/devtools/recorder/types.ts';
import { createTestServer } from '../../src/testing.ts';

type Message = Readonly<Record<string, unknown>>;

export const codec = json<Message, Message>();

/** A connection that is open, and the recording of it. */
export async function setup(options: ConnectionOptions<Message, Message> = {}) {
  const server = createTestServer({ codec });
  const connection = createConnection<Message, Message>({ ...server.options, ...options, codec });
  connection.open();
  await server.connected();
  const recording = recordings().list().at(-1) as Recording;
  const of = <Type extends Entry['type']>(type: Type) =>
    recording.entries().filter((entry) => entry.type === type) as Extract<
      Entry,
      { readonly type: Type }
    >[];
  const status = () => connection.getSnapshot().status;
  return { server, connection, recording, of, status };
}
