import { HubConnectionBuilder, HttpTransportType, LogLevel } from '@microsoft/signalr';
import { adapters, createConsumer } from '@rails/actioncable';
import { Centrifuge } from 'centrifuge';
import { Socket } from 'phoenix';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { eventually } from '../support/recorded-connection.ts';
import { startForeign, TOKEN } from './foreign.ts';
import { actionCable } from './servers/action-cable.ts';
import { centrifugo } from './servers/centrifugo.ts';
import { phoenix } from './servers/phoenix.ts';
import { signalr } from './servers/signalr.ts';

// The servers of these protocols were written here. Their official clients show that they say what real ones do.

const settled = (start: (resolve: (value: unknown) => void) => void) => new Promise(start);

test("SignalR's own client logs in, hears, calls, is pinged and takes its leave", async () => {
  const { world, proxy } = await startForeign(signalr);
  const connection = new HubConnectionBuilder()
    .withUrl(`http://127.0.0.1:${proxy.port}/hub`, {
      accessTokenFactory: () => TOKEN,
      transport: HttpTransportType.WebSockets,
    })
    .configureLogging(LogLevel.None)
    .withServerTimeout(500)
    .build();
  const heard: unknown[] = [];
  connection.on('Said', (text) => heard.push(text));
  connection.on('news', (text) => heard.push(text));
  await connection.start();
  await connection.send('Say', 'hello');
  expect(await connection.invoke('Add', 'one')).toBe('one!');
  await expect(connection.invoke('Nothing')).rejects.toThrow('does not exist');
  world.publish('first');
  await vi.waitFor(() => expect(heard).toEqual(['hello', 'first']), eventually);
  // Longer than it waits for the server: the pings keep it.
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(connection.state).toBe('Connected');
  await connection.stop();
  await vi.waitFor(() => expect(world.heard).toContain('farewell'), eventually);
});

test("Action Cable's own client is welcomed, subscribes, hears, speaks, and is refused", async () => {
  const { world, proxy } = await startForeign(actionCable);
  // It was made for pages.
  vi.stubGlobal('addEventListener', () => {});
  vi.stubGlobal('removeEventListener', () => {});
  onTestFinished(() => void vi.unstubAllGlobals());
  Object.assign(adapters, { WebSocket });
  const connect = (token: string) => createConsumer(`${proxy.url}cable?token=${token}`);
  const consumer = connect(TOKEN);
  onTestFinished(() => consumer.disconnect());
  const heard: unknown[] = [];
  const subscribe = (channel: string) =>
    settled((resolve) => {
      const subscription = consumer.subscriptions.create(channel, {
        connected: () => resolve(subscription),
        rejected: () => resolve('rejected'),
        received: (message: { text: string }) => heard.push(message.text),
      });
    });
  expect(await subscribe('Nothing')).toBe('rejected');
  await subscribe('News');
  const echo = (await subscribe('Echo')) as { perform(action: string, data: object): void };
  echo.perform('say', { text: 'hello' });
  world.publish('first');
  await vi.waitFor(() => expect(new Set(heard)).toEqual(new Set(['first', 'hello'])), eventually);

  const refused = connect('wrong');
  refused.connect();
  const { monitor } = (refused as unknown as { connection: { monitor: { isRunning(): boolean } } })
    .connection;
  await vi.waitFor(() => expect(monitor.isRunning()).toBe(false), eventually);
});

test("Phoenix' own client joins, hears, pushes, leaves, joins again after a crash, and sends heartbeats", async () => {
  const { world, proxy } = await startForeign(phoenix);
  const socket = new Socket(`${proxy.url}socket`, {
    params: { token: TOKEN },
    transport: WebSocket,
    heartbeatIntervalMs: 50,
    rejoinAfterMs: () => 10,
  });
  onTestFinished(() => socket.disconnect());
  socket.connect();
  const heard: unknown[] = [];
  const channel = socket.channel('news');
  channel.on('said', ({ text }) => void heard.push(text));
  const reply = (push: ReturnType<typeof channel.push>) =>
    settled((resolve) => push.receive('ok', resolve).receive('error', resolve));
  expect(await reply(channel.join())).toEqual({});
  expect(await reply(channel.push('ask', { text: 'one' }))).toEqual({ text: 'one!' });
  expect(await reply(channel.push('nothing', {}))).toEqual({ reason: 'no event nothing' });
  channel.push('say', { text: 'hello' });
  await vi.waitFor(() => expect(heard).toEqual(['hello']), eventually);
  world.endTopic?.();
  await vi.waitFor(() => {
    world.publish('again');
    expect(heard).toContain('again');
  }, eventually);
  // A heartbeat without an answer would end the link.
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(socket.isConnected()).toBe(true);
  channel.leave();
  await vi.waitFor(() => expect(world.heard).toContain('unsubscribe'), eventually);
});

test("Centrifugo's own client connects, subscribes, publishes, calls, pongs, and is refused", async () => {
  const { world, proxy } = await startForeign(centrifugo);
  // It asks for the storage of a page, of which Node 26 warns.
  vi.stubGlobal('localStorage', undefined);
  onTestFinished(() => void vi.unstubAllGlobals());
  const make = (token: string) => {
    const client = new Centrifuge(proxy.url, {
      token,
      websocket: WebSocket,
      minReconnectDelay: 10,
    });
    onTestFinished(() => {
      client.disconnect();
    });
    return client;
  };
  const client = make(TOKEN);
  client.connect();
  await client.ready(4_000);
  const heard: unknown[] = [];
  const news = client.newSubscription('news');
  news.on('publication', ({ data }) => heard.push((data as { text: string }).text));
  news.subscribe();
  await news.ready(4_000);
  await news.publish({ text: 'hello' });
  expect(await client.rpc('ask', { text: 'one' })).toEqual({ data: { text: 'one!' } });
  await expect(client.rpc('nothing', {})).rejects.toMatchObject({ code: 104 });
  await vi.waitFor(() => expect(heard).toEqual(['hello']), eventually);
  world.endTopic?.();
  await news.ready(4_000);
  await vi.waitFor(() => {
    world.publish('again');
    expect(heard).toContain('again');
  }, eventually);
  // Two pings of the server: one without an answer would end the link.
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(client.state).toBe('connected');

  const refused = make('wrong');
  const end = settled((resolve) => void refused.on('disconnected', resolve));
  refused.connect();
  expect(await end).toEqual({ code: 3500, reason: 'invalid token' });
});
