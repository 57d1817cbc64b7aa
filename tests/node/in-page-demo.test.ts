import { expect, test, vi } from 'vitest';
import { createInPageDemo } from '../../stories/server/in-page.ts';
import type { Command } from '../../stories/server/words.ts';

let demos = 0;

/** A page with a demo of its own, and the sockets of its visitors. */
function page() {
  const url = `ws://localhost/demo-${demos++}`;
  const InPageSocket = createInPageDemo(url);
  return (query = 'room=a') => {
    const socket = new InPageSocket(`${url}?${query}`);
    socket.binaryType = 'arraybuffer';
    const heard: unknown[] = [];
    const events: string[] = [];
    let code: number | undefined;
    socket.onopen = () => events.push('open');
    socket.onerror = () => events.push('error');
    socket.onmessage = ({ data }) => heard.push(data);
    socket.onclose = (event) => {
      events.push('close');
      code = event.code;
    };
    return {
      socket,
      heard,
      events,
      say: (word: Command | string) =>
        socket.send(typeof word === 'string' ? word : JSON.stringify(word)),
      opens: () => vi.waitFor(() => expect(heard[0]).toContain('welcome')),
      hears: (frame: unknown) => vi.waitFor(() => expect(heard).toContainEqual(frame)),
      async closes() {
        await vi.waitFor(() => expect(code).toBeDefined());
        return code;
      },
    };
  };
}

test('greets, echoes text and bytes as they were when sent, and answers pings', async () => {
  const ada = page()();
  await ada.opens();
  const bytes = new Uint8Array([0, 127, 255]);
  ada.socket.send(bytes.subarray(1));
  bytes.fill(9);
  ada.say('good morning');
  ada.say('ping');
  await ada.hears('pong');
  expect(ada.heard.slice(-3)).toEqual([new Uint8Array([127, 255]).buffer, 'good morning', 'pong']);
});

test('a room has all who came to it, and no other room', async () => {
  const visit = page();
  const [ada, grace, stranger] = [visit(), visit(), visit('room=b')];
  await Promise.all([ada.opens(), grace.opens(), stranger.opens()]);
  ada.say({ demo: 'say', id: '1', text: 'lunch?' });
  await grace.hears('{"demo":"said","id":"1","from":"Ada","text":"lunch?"}');
  stranger.say('a round trip later');
  await stranger.hears('a round trip later');
  expect(stranger.heard.some((frame) => String(frame).includes('lunch'))).toBe(false);
  grace.socket.close();
  await ada.hears('{"demo":"clients","clients":1,"names":["Ada"]}');
});

test('drops with 1006 and closes with the code that is asked for, once', async () => {
  const visit = page();
  const [ada, grace] = [visit(), visit()];
  await Promise.all([ada.opens(), grace.opens()]);
  ada.say({ demo: 'drop' });
  ada.say({ demo: 'drop' });
  grace.say({ demo: 'close', code: 4401 });
  expect(await ada.closes()).toBe(1006);
  expect(await grace.closes()).toBe(4401);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(ada.events).toEqual(['open', 'close']);
});

test('turns newcomers away with an error and 1006, without a word in the console', async () => {
  const visit = page();
  const ada = visit();
  await ada.opens();
  ada.say({ demo: 'refuse', seconds: 0.1 });
  await ada.hears('{"demo":"done","command":"refuse"}');
  const grace = visit();
  expect(await grace.closes()).toBe(1006);
  expect(grace.events).toEqual(['error', 'close']);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await visit().opens();
});

test('a cut cable carries nothing, not even a goodbye', async () => {
  const visit = page();
  const [ada, grace] = [visit(), visit()];
  await Promise.all([ada.opens(), grace.opens()]);
  ada.say({ demo: 'cut' });
  await grace.hears('{"demo":"clients","clients":1,"names":["Grace"]}');
  const before = ada.heard.length;
  ada.say('ping');
  ada.socket.close();
  grace.say('ping');
  await grace.hears('pong');
  expect(ada.heard).toHaveLength(before);
  expect(ada.socket.readyState).toBe(ada.socket.CLOSING);
  expect(ada.events).toEqual(['open']);
});

test('leaves pings unanswered once it is mute, and slows a network down', async () => {
  const ada = page()();
  await ada.opens();
  ada.say({ demo: 'mute' });
  ada.say('ping');
  ada.say('still here');
  await ada.hears('still here');
  expect(ada.heard).not.toContain('pong');
  ada.say({ demo: 'slow', min: 40, max: 60 });
  await vi.waitFor(() => expect(ada.heard).toContain('{"demo":"done","command":"mute"}'));
  const from = performance.now();
  ada.say('late');
  await ada.hears('late');
  expect(performance.now() - from).toBeGreaterThanOrEqual(79);
});

test('a ping and its answer are each held back on a slow network', async () => {
  const ada = page()();
  await ada.opens();
  ada.say({ demo: 'slow', min: 100, max: 110 });
  const from = performance.now();
  ada.say('ping');
  await ada.hears('pong');
  expect(performance.now() - from).toBeGreaterThanOrEqual(198);
});
