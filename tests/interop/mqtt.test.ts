import type { Packet, QoS } from 'mqtt-packet';
import { mqtt as options } from 'protocols.md/mqtt.ts';
import { describe } from 'vitest';
import { aedes as attach } from './mqtt-broker.ts';
import { startForeign } from './foreign.ts';
import { tells } from './story.ts';

const publish = (text: string, qos: QoS): Packet => ({
  cmd: 'publish',
  topic: 'say',
  payload: text,
  qos,
  retain: false,
  dup: false,
});

describe('MQTT, aedes', () => {
  tells<Packet, Packet>({
    server: () => startForeign(attach),
    options,
    topic: 'news',
    unsubscribes: true,
    say: (text) => publish(text, 0),
    textOf: (packet) => (packet.cmd === 'publish' ? String(packet.payload) : undefined),
    ask: (text) => publish(text, 1),
    isAnswer: ({ cmd }) => cmd === 'puback',
    refusal: { kind: 'error', name: 'Error' },
    takesLeave: true,
  });
});
