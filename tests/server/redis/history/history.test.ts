import { describe, expect } from 'vitest';
import { until } from '../fixtures.ts';
import { test, texts } from './fixtures.ts';

describe.concurrent('a history in Redis:', () => {
  test('all servers that follow a topic hear the same messages in the same order, their own too', async ({
    record,
  }) => {
    const servers = [record(), record(), record()] as const;
    for (const { store } of servers) expect((await store.follow('troom')).number).toBe(0);
    for (let n = 0; n < 60; n++) void servers[n % 3]?.say('troom', `${n}`);
    const [one, two, three] = servers;
    await servers[0].say('troom', 'last');
    for (const { heard } of servers) await until(() => expect(heard).toHaveLength(61));
    expect(two.heard).toEqual(one.heard);
    expect(three.heard).toEqual(one.heard);
    expect(one.heard.map(([, number]) => number)).toEqual(one.heard.map((_, n) => n + 1));
    expect(servers.flatMap(({ errors, moves }) => [...errors, ...moves])).toEqual([]);
  });

  test('what was said behind a position is read, binary and all names included', async ({
    record,
  }) => {
    const [one, two] = [record(), record()];
    const topic = 't \ud800 "{x}"\n';
    const position = await one.store.follow(topic);
    // That of the Redis process comes first. PROTOCOL.md allows 64 characters.
    expect(position.epoch).toMatch(/^[0-9a-f]{40}:[0-9a-f]{8}\.1$/);
    await two.store.follow(topic);
    const messages = [
      { data: Buffer.from([0, 10, 255, 128]), isBinary: true },
      { data: Buffer.from('Zoë 🙂\n'), isBinary: false, except: 'c1' },
      { data: Buffer.alloc(0), isBinary: false },
    ];
    for (const message of messages) await two.store.publish(topic, message);
    const numbered = messages.map((message, n) => ({
      except: undefined,
      ...message,
      number: n + 1,
    }));
    expect(await one.store.read(topic, position)).toEqual(numbered);
    expect(await two.store.read(topic, { ...position, number: 2 })).toEqual([numbered[2]]);
    expect(await two.store.read(topic, { ...position, number: 3 })).toEqual([]);
    expect(one.delivered).toEqual(numbered);
  });

  test('more than perTopic, a number from the future and another epoch are not all there', async ({
    record,
  }) => {
    const { store, say, textsBehind } = record({ perTopic: 10 });
    const { epoch } = await store.follow('troom');
    for (const text of texts(1, 15)) await say('troom', text);
    expect(await textsBehind('troom', { epoch, number: 5 })).toEqual(texts(6, 15));
    expect(await textsBehind('troom', { epoch, number: 4 })).toBeNull();
    expect(await textsBehind('troom', { epoch, number: 16 })).toBeNull();
    expect(await textsBehind('troom', { epoch: 'another', number: 14 })).toBeNull();
  });
});
