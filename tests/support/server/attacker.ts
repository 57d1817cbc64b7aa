import { connect, type Socket } from 'node:net';

/** Draws from a seeded source. */
export class Dice {
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** A whole number from 0 to below `end`. */
  upTo(end: number): number {
    return Math.floor(this.#random() * end);
  }

  chance(probability: number): boolean {
    return this.#random() < probability;
  }

  pick<Value>(values: readonly [Value, ...Value[]]): Value {
    return values[this.upTo(values.length)] ?? values[0];
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.upTo(256)));
  }
}

const IDS = ['__proto__', 'constructor', '%00', '%C3%A4', 'x'.repeat(300), 'a%20b'] as const;

/** An upgrade request, most often a right one: its parts are drawn each for itself. */
function drawRequest(dice: Dice): string {
  const often = <Value>(right: Value, ...wrong: readonly [Value, ...Value[]]) =>
    dice.chance(0.9) ? right : dice.pick(wrong);
  const id = dice.chance(0.1) ? dice.pick(IDS) : `user-${dice.upTo(40)}`;
  const path = often('/live', '/typo', '/%6cive', 'http://ada:pw@x/live', '//live', '*');
  const headers = [
    `${often('GET', 'POST', 'HEAD', 'CONNECT')} ${path}?id=${id} HTTP/1.${often(1, 0)}`,
    'Host: 127.0.0.1',
    `Connection: ${often('Upgrade', 'keep-alive', 'close, Upgrade')}`,
    `Upgrade: ${often('websocket', 'h2c', 'WebSocket', 'websocket, h2c')}`,
    `Sec-WebSocket-Version: ${often('13', '8', '')}`,
    `Sec-WebSocket-Key: ${often('dGhlIHNhbXBsZSBub25jZQ==', 'short')}`,
  ];
  const more = [
    'Origin: https://evil.example',
    'Origin: null',
    'Sec-WebSocket-Protocol: b, a',
    'Sec-WebSocket-Protocol: a,,a',
    `Sec-WebSocket-Protocol: ${'x'.repeat(3_000)}`,
    'Sec-WebSocket-Extensions: permessage-deflate',
    'Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=99',
    'Upgrade: h2c',
    'Content-Length: 20',
    'Transfer-Encoding: chunked',
    `Cookie: ${'x'.repeat(20_000)}`,
    'a:b\r\n'.repeat(1_500).trimEnd(),
    'Not a header',
  ] as const;
  if (dice.chance(0.3)) headers.push(dice.pick(more));
  const request = `${headers.join('\r\n')}\r\n\r\n`;
  return dice.chance(0.05) ? request.slice(0, dice.upTo(request.length)) : request;
}

const TOPICS = ['a', 'b', 'c', '__proto__', 'x'.repeat(257)] as const;

function drawText(dice: Dice): string {
  const topic = dice.pick(TOPICS);
  const word = dice.pick(['watch', 'unwatch', 'leave', 'ping', 'presence']);
  return dice.pick([
    'ping',
    'pong',
    `{"lifeline":"${word}"}`,
    `{"lifeline":"${word}","topic":"${topic}"}`,
    '{"lifeline":"ping","timestamp":1}',
    '{"lifeline":',
    '\uFEFF{"lifeline":"watch"}',
    `subscribe ${topic}`,
    `unsubscribe ${topic}`,
    `broadcast ${'x'.repeat(dice.upTo(3_000))}`,
    `disconnect user-${dice.upTo(40)}`,
    '['.repeat(dice.upTo(3_000)),
  ]);
}

/** A frame, most often a right one. */
function drawFrame(dice: Dice): Buffer {
  const kind = dice.upTo(40);
  if (kind < 26) return frame(0x81, Buffer.from(drawText(dice)));
  if (kind < 30) return frame(0x89, dice.bytes(dice.upTo(126)));
  if (kind < 32) return frame(0x8a, Buffer.alloc(0));
  if (kind < 34) return frame(0x82, dice.bytes(dice.upTo(500)));
  if (kind < 35) return frame(0x01, Buffer.from('begun '));
  if (kind < 37) return frame(dice.pick([0x00, 0x80]), Buffer.from('part'));
  if (kind < 38) return frame(dice.pick([0x81, 0xc1]), dice.bytes(dice.upTo(60)));
  if (kind < 39) return frame(0x88, dice.pick([Buffer.from([3, 232]), Buffer.from([3, 237])]));
  return dice.chance(0.2) ? dice.bytes(dice.upTo(100)) : Buffer.alloc(0);
}

/** With the mask 0. */
function frame(first: number, data: Buffer): Buffer {
  const { length } = data;
  const size = length < 126 ? [0x80 | length] : [0x80 | 126, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([first, ...size, 0, 0, 0, 0]), data]);
}

/** Connects, sends a request and then frames, some of them at once. Ends at last, in one way or another, or stays. */
export function attack(port: number, dice: Dice): Socket {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: dice.chance(0.2) });
  socket.on('error', () => {});
  if (dice.chance(0.8)) socket.resume(); // Others never read.
  if (dice.chance(0.05)) socket.write('GET /slow HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
  socket.write(drawRequest(dice));
  if (dice.chance(0.2)) socket.write(drawFrame(dice));
  let left = dice.upTo(40);
  const timer = setInterval(
    () => {
      for (let n = dice.upTo(6); n > 0; n--) socket.write(drawFrame(dice));
      if (left-- > 0) return;
      clearInterval(timer);
      const end = dice.upTo(8);
      if (end < 2) socket.destroy();
      else if (end < 4) socket.resetAndDestroy();
      else if (end < 6) socket.end();
    },
    5 + dice.upTo(30),
  );
  socket.on('close', () => clearInterval(timer));
  if (dice.chance(0.1)) setTimeout(() => socket.resetAndDestroy(), dice.upTo(30));
  return socket;
}
