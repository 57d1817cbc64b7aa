import { expect, test } from 'vitest';
import { commands } from 'vitest/browser';

test('a socket of the browser reaches the test server', async () => {
  const url = await commands.startWsServer();
  const socket = new WebSocket(url);
  const frames: string[] = [];
  socket.addEventListener('message', ({ data }) => frames.push(String(data)));
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  socket.send('ping');
  socket.send('hello');
  await commands.broadcastFromWsServer(url, 'to all');
  await expect.poll(() => frames.toSorted()).toEqual(['hello', 'pong', 'to all']);
  expect(await commands.reportOfWsServer(url)).toEqual({
    open: 1,
    accepted: 1,
    received: ['ping', 'hello'],
  });
  const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener('close', resolve));
  await commands.dropWsClients(url, 4000, 'bye');
  expect(await closed).toMatchObject({ code: 4000, reason: 'bye' });
  await commands.stopWsServer(url);
});
