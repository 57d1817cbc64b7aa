import { expect, test, vi } from 'vitest';
import { createInPageDemo } from '../../stories/server/in-page.ts';
import type { Command } from '../../stories/server/words.ts';

let demos = 0;

/** A page with its own demo. Returns a function that connects a client. */
function page() {
  const url = `ws://localhost/demo-${demos++}`;
  const InPageSocket = createInPageDemo(url);
  return (query = 'room=a') => {
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
  ada.send({ demo: 'say', id: '1', text: 'lunch?' });
  await grace.receives('{"demo":"said","id":"1","from":"Ada","text":"lunch?"}');
  stranger.send('a round trip later');
  await stranger.receives('a round trip later');
  expect(stranger.received.some((frame) => String(frame).includes('lunch'))).toBe(false);
  grace.socket.close();
  await ada.receives('{"demo":"clients","clients":1,"names":["Ada"]}');
});

test('the demo in a page drops with 1006 and closes with the given code, once', async () => {
  const visit = page();
  const [ada, grace] = [visit(), visit()];
  await Promise.all([ada.opens(), grace.opens()]);
  ada.send({ demo: 'drop' });
  ada.send({ demo: 'drop' });
  grace.send({ demo: 'close', code: 4401 });
  expect(await ada.closes()).toBe(1006);
  expect(await grace.closes()).toBe(4401);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(ada.events).toEqual(['open', 'close']);
});

test('the demo in a page refuses new clients with an error and 1006, and logs nothing', async () => {
  const visit = page();
  const ada = visit();
  await ada.opens();
  ada.send({ demo: 'refuse', seconds: 0.1 });
  await ada.receives('{"demo":"done","command":"refuse"}');
  const grace = visit();
  expect(await grace.closes()).toBe(1006);
  expect(grace.events).toEqual(['error', 'close']);
  await new Promise((resolve) => setTimeout(resolve, 100));
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

test('the demo in a page leaves pings unanswered after mute, and delays frames after slow', async () => {
  const ada = page()();
  await ada.opens();
  ada.send({ demo: 'mute' });
  ada.send('ping');
  ada.send('still here');
  await ada.receives('still here');
  expect(ada.received).not.toContain('pong');
  ada.send({ demo: 'slow', min: 40, max: 60 });
  await vi.waitFor(() => expect(ada.received).toContain('{"demo":"done","command":"mute"}'));
  const from = performance.now();
  ada.send('late');
  await ada.receives('late');
  expect(performance.now() - from).toBeGreaterThanOrEqual(79);
});

test('the demo in a page delays a ping and its answer after slow', async () => {
  const ada = page()();
  await ada.opens();
  ada.send({ demo: 'slow', min: 100, max: 110 });
  const from = performance.now();
  ada.send('ping');
  await ada.receives('pong');
  expect(performance.now() - from).toBeGreaterThanOrEqual(198);
});
