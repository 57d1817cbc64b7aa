import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Packet } from 'mqtt-packet';
import { mqtt as options } from 'protocols.md/mqtt.ts';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { missingPrograms, startProgram } from '../support/programs.ts';
import { reaches } from '../support/reaches.ts';
import { connectWith, eventually } from '../support/recorded-connection.ts';
import { TOKEN } from './foreign.ts';
import { here, logIn } from './story.ts';

const publish = (topic: string, payload: string): Packet => ({
  cmd: 'publish',
  topic,
  payload,
  qos: 0,
  retain: false,
  dup: false,
});

/** Starts a broker. As root it would change its user, who cannot read its files. */
async function setUp(token = TOKEN) {
  logIn(token);
  const dir = await mkdtemp(path.join(tmpdir(), 'mosquitto-'));
  const passwords = path.join(dir, 'passwords');
  execFileSync('mosquitto_passwd', ['-b', '-c', passwords, 'me', TOKEN]);
  const broker = await startProgram(
    'mosquitto',
    () => ['-c', path.join(dir, 'conf')],
    (port) =>
      writeFile(
        path.join(dir, 'conf'),
        // Debian 12's does not start with listeners for WebSockets alone.
        `user root
        listener 0 ${path.join(dir, 'socket')}
        listener ${port} 127.0.0.1
        protocol websockets
        allow_anonymous false
        password_file ${passwords}`,
      ),
  );
  onTestFinished(async () => {
    await broker.dies();
    await rm(dir, { recursive: true });
  });
  /** A client, and the texts that it hears of the news. */
  const join = (interval = 50, timeout = 5_000) => {
    const connection = connectWith(WebSocket)<Packet, Packet>(
      here({ proxy: broker }, options, [interval, timeout]),
    );
    const heard: string[] = [];
    connection.onTopic('news', (packet) => {
      if (packet.cmd === 'publish') heard.push(String(packet.payload));
    });
    return { connection, heard };
  };
  return { ...broker, join };
}

describe.skipIf(missingPrograms().includes('mosquitto'))('MQTT, mosquitto', () => {
  test('two log in, and what one says before that reaches both', async () => {
    const { join } = await setUp();
    const anna = join();
    const ben = join();
    await reaches(ben.connection, 'open');
    await vi.waitFor(() => {
      anna.connection.send(publish('news', 'hello'));
      expect(anna.heard).toContain('hello');
      expect(ben.heard).toContain('hello');
    }, eventually);
  });

  test('a wrong password is a failed attempt', async () => {
    const { join } = await setUp('wrong');
    const { connection } = join();
    const errors: string[] = [];
    connection.on('error', ({ message }) => errors.push(message));
    await vi.waitFor(() => expect(errors).toContain('The broker refuses.'), eventually);
    expect(connection.statuses).not.toContain('open');
  });

  test('a link on which nobody speaks stays', async () => {
    const { join } = await setUp();
    const { connection } = join();
    await reaches(connection, ({ latency }) => latency !== null);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(connection.statuses).toEqual(['connecting', 'open']);
  });

  test('the broker is killed and comes back: what was said meanwhile goes out, behind the topics', async () => {
    const { join, dies, starts } = await setUp();
    const { connection, heard } = join();
    await reaches(connection, 'open');
    await dies();
    await reaches(connection, 'reconnecting');
    expect(connection.send(publish('news', 'one'))).toBe('queued');
    expect(connection.send(publish('news', 'two'))).toBe('queued');
    await starts();
    await vi.waitFor(() => expect(heard).toEqual(['one', 'two']), eventually);
  });

  test('the broker freezes, and is left', async () => {
    const { join, freezes } = await setUp();
    const { connection } = join(50, 200);
    await reaches(connection, 'open');
    freezes();
    await reaches(connection, 'reconnecting');
    expect(connection.causes).toEqual([{ kind: 'timeout', phase: 'heartbeat' }]);
  });
});
