import type { Packet } from 'mqtt-packet';
import { mqtt as options } from 'protocols.md/mqtt.ts';
import { describe } from 'vitest';
import { aedes as attach } from './mqtt-broker.ts';
import { startForeign } from './foreign.ts';
import { tells } from './story.ts';

describe('MQTT, aedes', () => {
  tells<Packet, Packet>({
    server: () => startForeign(attach),
    options,
    topic: 'news',
    unsubscribes: true,
    say: (text) => ({
      cmd: 'publish',
      topic: 'say',
      payload: text,
      qos: 0,
      retain: false,
      dup: false,
    }),
    textOf: (packet) => (packet.cmd === 'publish' ? String(packet.payload) : undefined),
    refusal: { kind: 'error', name: 'Error' },
    takesLeave: true,
  });
});
