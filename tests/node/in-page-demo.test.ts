import { expect, onTestFinished, test, vi } from 'vitest';
import { createConnection, json } from '../../src/core.ts';
import { confirmed } from '../../src/delivery.ts';
import { createInPageDemo } from '../../stories/server/in-page.ts';
import type { Command, ServerWord } from '../../stories/server/words.ts';

let demos = 0;

/** A page with its own demo. Returns a function that connects a client. */
function page() {
  const url = `ws://localhost/demo-${demos++}`;
  const InPageSocket = createInPageDemo(url);
  const visit = (query = 'room=a') => {
    const socket = new InPageSocket(`${url}?${query}`);
    socket.binaryType = 'arraybuffer';
    const received: unknown[] = [];
    const events: string[] = [];
    let code: number | undefined;
    socket.onopen = () => events.push('open');
    socket.onerror = () => events.push('error');
    socket.onmessage = ({ data }) => received.push(data);
    socket.onclose = (event) => {
      events.push('close');
      code = event.code;
    };
    return {
      socket,
      received,
      events,
      send: (word: Command | string) =>
        socket.send(typeof word === 'string' ? word : JSON.stringify(word)),
      opens: () => vi.waitFor(() => expect(received[0]).toContain('welcome')),
      receives: (frame: unknown) => vi.waitFor(() => expect(received).toContainEqual(frame)),
      async closes() {
        await vi.waitFor(() => expect(code).toBeDefined());
        return code;
      },
    };
  };
  return Object.assign(visit, { url, InPageSocket });
}

/** A connection of the library to the demo in a page. It is closed when the test ends. */
function connectTo({ url, InPageSocket }: ReturnType<typeof page>, query: string) {
  const heard: string[] = [];
  const said: string[] = [];
  const connection = createConnection<ServerWord, Command>({
    url: `${url}?${query}`,
    WebSocket: InPageSocket,
    codec: json(),
    heartbeat: { interval: 200, timeout: 200 },
    reconnect: { baseDelay: 50 },
    delivery: confirmed(),
    onMessage: (word) => word.demo === 'said' && heard.push(word.text),
    onConfirm: (words) => words.map((word) => word.demo === 'say' && said.push(word.text)),
  });
  onTestFinished(connection.retain());
  return {
    heard,
    said,
    connection,
    cut: () => connection.send({ demo: 'cut' }, { queue: false }),
  };
}

test('the demo in a page welcomes, echoes text and bytes as they were when sent, and answers pings', async () => {
  const ada = page()();
  await ada.opens();
  const bytes = new Uint8Array([0, 127, 255]);
  ada.socket.send(bytes.subarray(1));
  bytes.fill(9);
  ada.send('good morning');
  ada.send('ping');
  await ada.receives('pong');
  expect(ada.received.slice(-3)).toEqual([
    new Uint8Array([127, 255]).buffer,
    'good morning',
    'pong',
  ]);
});

test('the demo in a page delivers what is said in a room to that room only', async () => {
  const visit = page();
  const [ada, grace, stranger] = [visit(), visit(), visit('room=b')];
  await Promise.all([ada.opens(), grace.opens(), stranger.opens()]);
  grace.send('a first frame, which begins no session');
  ada.send({ demo: 'say', text: 'lunch?' });
  await grace.receives('{"demo":"said","from":"Ada","text":"lunch?"}');
  stranger.send('a round trip later');
  await stranger.receives('a round trip later');
  expect(stranger.received.some((frame) => String(frame).includes('lunch'))).toBe(false);
  grace.socket.close();
  await ada.receives('{"demo":"clients","clients":1,"names":["Ada"]}');
});

test('a client with a session in a page hears what was said while it was away, and each of its messages is taken once', async () => {
  const visit = page();
  const grace = visit('room=a&name=Grace');
  await grace.opens();
  grace.send('a first frame, which begins no session');
  const { heard, said, connection, cut } = connectTo(visit, 'room=a&name=Ada');
  await vi.waitFor(() => expect(connection.getSnapshot().status).toBe('open'));
  connection.send({ demo: 'say', text: 'one' });
  await grace.receives('{"demo":"said","from":"Ada","text":"one"}');
  cut();
  for (const text of ['two', 'three']) connection.send({ demo: 'say', text });
  grace.send({ demo: 'say', text: 'where is Ada?' });

  await vi.waitFor(() => expect(connection.outbox).toEqual([]));
  await vi.waitFor(() => expect(heard).toEqual(['where is Ada?']));
  const words = grace.received.map(
    (frame) => /"said","from":"Ada","text":"(\w+)"/.exec(String(frame))?.[1],
  );
  expect(words.filter(Boolean)).toEqual(['one', 'two', 'three']);
  expect(said).toEqual(['one', 'two', 'three']);
});

test('the demo in a page drops with 1006, once', async () => {
  const ada = page()();
  await ada.opens();
  ada.send({ demo: 'drop' });
  ada.send({ demo: 'drop' });
  expect(await ada.closes()).toBe(1006);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(ada.events).toEqual(['open', 'close']);
});

test('the demo in a page refuses new clients with an error and 1006, and logs nothing', async () => {
  const visit = page();
  const ada = visit();
  await ada.opens();
  ada.send({ demo: 'refuse', seconds: 1 });
  await ada.receives('{"demo":"done","command":"refuse"}');
  const grace = visit();
  expect(await grace.closes()).toBe(1006);
  expect(grace.events).toEqual(['error', 'close']);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await visit().opens();
});

test('the demo in a page stops all frames after cut, even close frames', async () => {
  const visit = page();
  const [ada, grace] = [visit(), visit()];
  await Promise.all([ada.opens(), grace.opens()]);
  ada.send({ demo: 'cut' });
  await grace.receives('{"demo":"clients","clients":1,"names":["Grace"]}');
  const before = ada.received.length;
  ada.send('ping');
  ada.socket.close();
  grace.send('ping');
  await grace.receives('pong');
  expect(ada.received).toHaveLength(before);
  expect(ada.socket.readyState).toBe(ada.socket.CLOSING);
  expect(ada.events).toEqual(['open']);
});

test('the demo in a page leaves pings unanswered after mute', async () => {
  const ada = page()();
  await ada.opens();
  ada.send({ demo: 'mute' });
  ada.send('ping');
  ada.send('still here');
  await ada.receives('still here');
  expect(ada.received).not.toContain('pong');
});
