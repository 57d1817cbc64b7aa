import { generate, type Packet } from 'mqtt-packet';
import { graphqlWs } from 'protocols.md/graphql-ws.ts';
import { mqtt } from 'protocols.md/mqtt.ts';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket, type WebSocket as Socket } from 'ws';
import { type ConnectionOptions, DecodeError } from '../../src/core.ts';
import { reaches } from '../support/reaches.ts';
import { connectWith, eventually } from '../support/recorded-connection.ts';
import { startWsServer } from '../support/ws-server.ts';
import { here, logIn, testIf } from './story.ts';

const connect = connectWith(WebSocket);

const text = (message: object) => Buffer.from(JSON.stringify(message));
const published: Packet = {
  cmd: 'publish',
  topic: 'news',
  payload: 'early',
  qos: 0,
  retain: false,
  dup: false,
};

/** A protocol, and the frames of a server that does not keep to it. */
interface Case {
  readonly name: string;
  readonly options: ConnectionOptions<never, never>;
  readonly isText: boolean;
  readonly welcome: Buffer;
  readonly other: Buffer;
  readonly garbage: Buffer;
  readonly ping: Buffer;
}

const CASES: Case[] = [
  {
    name: 'graphql-ws',
    options: graphqlWs,
    isText: true,
    welcome: text({ type: 'connection_ack' }),
    other: text({ type: 'next', id: 'news', payload: { data: {} } }),
    garbage: Buffer.from('{"type":'),
    ping: text({ type: 'ping' }),
  },
  {
    name: 'MQTT',
    options: mqtt,
    isText: false,
    welcome: generate({ cmd: 'connack', returnCode: 0, sessionPresent: false }),
    other: generate(published),
    // A packet of the reserved type 0.
    garbage: Buffer.from([0, 0]),
    ping: generate({ cmd: 'pingresp' }),
  },
];

describe.for(CASES)('$name', ({ options, isText, welcome, other, garbage, ping }) => {
  /** Each link gets the next of these answers to its first frame, and the last one for ever. */
  async function setUp(...answers: ((socket: Socket, say: (frame: Buffer) => void) => void)[]) {
    logIn('token');
    const heard: string[] = [];
    const server = await startWsServer((socket) => {
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      const say = (frame: Buffer) => socket.send(frame, { binary: !isText });
      socket.on('message', (data: Buffer) => heard.push(String(data)));
      socket.once('message', () => answer?.(socket, say));
    });
    const connection = connect({
      ...here({ proxy: server }, options, [5_000, 5_000]),
      connectTimeout: 300,
    });
    const errors: Error[] = [];
    connection.on('error', (error) => errors.push(error));
    onTestFinished(async () => {
      await server.stops();
    });
    return { server, connection, errors, heard };
  }

  const answers = (_socket: Socket, say: (frame: Buffer) => void) => say(welcome);

  test('no answer: a failed attempt, and another one', async () => {
    const { connection } = await setUp(() => {}, answers);
    await reaches(connection, 'open');
    expect(connection.causes).toEqual([{ kind: 'timeout', phase: 'connect' }]);
    expect(connection.statuses).toEqual(['connecting', 'reconnecting', 'open']);
  });

  test.for([1000, 1011, undefined])(
    'closed with %s: a failed attempt, and another one',
    async (code) => {
      const closes = (socket: Socket) =>
        code === undefined ? socket.terminate() : socket.close(code);
      const { connection } = await setUp(closes, answers);
      await reaches(connection, 'open');
      expect(connection.causes).toMatchObject([{ kind: 'close', code: code ?? 1006 }]);
      expect(connection.statuses).toEqual(['connecting', 'reconnecting', 'open']);
    },
  );

  test('two answers: open once, and the second is a message', async () => {
    const { connection, errors } = await setUp((_socket, say) => {
      say(welcome);
      say(welcome);
    });
    await vi.waitFor(() => expect(connection.messages).toHaveLength(1), eventually);
    expect(connection.statuses).toEqual(['connecting', 'open']);
    expect(errors).toEqual([]);
  });

  test('a message on the heels of the answer is delivered', async () => {
    const { connection } = await setUp((_socket, say) => {
      if (isText) {
        say(welcome);
        say(other);
      } else say(Buffer.concat([welcome, other]));
    });
    await vi.waitFor(() => expect(connection.messages).toHaveLength(1), eventually);
    expect(connection.statuses).toEqual(['connecting', 'open']);
  });

  test('garbage before the answer: an error, and never a connection that is open without a login', async () => {
    const { connection, errors } = await setUp(
      (_socket, say) => say(garbage),
      (_socket, say) => say(ping),
      answers,
    );
    await reaches(connection, 'open');
    expect(errors.map(({ constructor }) => constructor)).toEqual([DecodeError]);
    expect(connection.causes).toEqual([
      { kind: 'timeout', phase: 'connect' },
      { kind: 'timeout', phase: 'connect' },
    ]);
  });

  test('another message before the answer is no login', async () => {
    const { connection } = await setUp((_socket, say) => say(other), answers);
    await reaches(connection, 'open');
    expect(connection.causes).toHaveLength(1);
  });

  testIf(isText)('its pings are answered before the login is', async () => {
    const { connection, heard } = await setUp((socket, say) => {
      say(ping);
      socket.once('message', () => say(welcome));
    });
    await reaches(connection, 'open');
    expect(heard[1]).toBe('{"type":"pong"}');
    expect(connection.messages).toEqual([]);
  });

  testIf(!isText)('the answer in three frames is one answer', async () => {
    const { connection } = await setUp((_socket, say) => {
      for (const part of [welcome.subarray(0, 1), welcome.subarray(1, 3), welcome.subarray(3)])
        say(part);
    });
    await reaches(connection, 'open');
    expect(connection.causes).toEqual([]);
  });

  test('close() while it waits ends it for good', async () => {
    const { connection, server } = await setUp(() => {});
    await vi.waitFor(async () => expect((await server.report()).open).toBe(1), eventually);
    connection.close();
    await reaches(connection, 'closed');
    await vi.waitFor(async () => expect((await server.report()).open).toBe(0), eventually);
    expect((await server.report()).ever).toBe(1);
  });
});
