import { docs, setupWSConnection } from '@y/websocket-server/utils';
import { connection as shown, doc as shownDoc } from 'protocols.md/shared-doc.ts';
import { askForChanges, shareDoc } from 'protocols.md/yjs.ts';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { Doc, type Text as YText } from 'yjs';
import { reaches } from '../support/reaches.ts';
import { connectWith, eventually } from '../support/recorded-connection.ts';
import { type Attach, startForeign } from './foreign.ts';

const connect = connectWith(WebSocket);

/** @y/websocket-server, the server of y-websocket. */
const server: Attach = (http) => {
  new WebSocketServer({ server: http }).on('connection', setupWSConnection);
  return () => docs.clear();
};

async function setUp() {
  const foreign = await startForeign(server);
  const join = (timeout = 5_000) => {
    const doc = new Doc();
    const heartbeat = { interval: 50, timeout, ping: () => askForChanges(doc) as Uint8Array };
    const connection = connect({ url: `${foreign.proxy.url}room`, heartbeat });
    shareDoc(doc, connection);
    return { connection, text: doc.getText() };
  };
  return { ...foreign, join };
}

const read = ({ text }: { text: YText }) => text.toJSON();

test('two share a document, also what was written before the link was open', async () => {
  const { join } = await setUp();
  const anna = join();
  anna.text.insert(0, 'early');
  const ben = join();
  await vi.waitFor(() => expect(read(ben)).toBe('early'), eventually);
  ben.text.insert(5, ' bird');
  await vi.waitFor(() => expect(read(anna)).toBe('early bird'), eventually);
});

test('the server is killed, forgets, and comes back: what both wrote meanwhile is merged', async () => {
  const { join, dies, starts } = await setUp();
  const [anna, ben] = [join(), join()];
  anna.text.insert(0, 'middle');
  await vi.waitFor(() => expect(read(ben)).toBe('middle'), eventually);
  await dies();
  await Promise.all([anna, ben].map((client) => reaches(client.connection, 'reconnecting')));
  anna.text.insert(0, 'left ');
  ben.text.insert(6, ' right');
  await starts();
  await vi.waitFor(() => {
    expect(read(anna)).toBe('left middle right');
    expect(read(ben)).toBe('left middle right');
  }, eventually);
});

test('a frozen server is noticed by its silence, and left', async () => {
  const { join, proxy } = await setUp();
  const anna = join(200);
  await reaches(anna.connection, 'open');
  await proxy.stalls();
  anna.text.insert(0, 'lost?');
  await reaches(anna.connection, 'reconnecting');
  expect(anna.connection.causes).toEqual([{ kind: 'timeout', phase: 'heartbeat' }]);
  const ben = join();
  await vi.waitFor(() => expect(read(ben)).toBe('lost?'), eventually);
});

test('a link on which nobody writes stays', async () => {
  const { join, proxy } = await setUp();
  const { connection } = join();
  await vi.waitFor(() => expect(connection.messages.length).toBeGreaterThan(9), eventually);
  expect(connection.statuses).toEqual(['connecting', 'open']);
  expect((await proxy.report()).ever).toBe(1);
});

test('the document of the page is shared', async () => {
  const { join, proxy } = await setUp();
  const anna = join();
  shown.update({ url: `${proxy.url}room`, WebSocket });
  shown.open();
  onTestFinished(() => shown.close());
  shownDoc.getText().insert(0, 'shown');
  await vi.waitFor(() => expect(read(anna)).toBe('shown'), eventually);
});
