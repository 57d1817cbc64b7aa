/** Redis answers, but refuses: what an operator must mend, and what passes by itself. */
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';
import { describe, expect } from 'vitest';
import { listen as listenOn } from '../../support/listen.ts';
import { openStore, test, until } from './fixtures.ts';

interface Refusal {
  readonly how: string;
  /** What the error says about presence, and about broadcasts unless they are not concerned. */
  readonly presence: string;
  readonly broadcasts?: string;
  readonly refuses: readonly (readonly string[])[];
  readonly allows: readonly (readonly string[])[];
}

const END_CONNECTIONS = [
  ['CLIENT', 'KILL', 'TYPE', 'pubsub'],
  ['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'],
] as const;

const REPLICA = /^Redis cannot be used: it is a replica/.source;

/** What stays refused until somebody changes something. */
const PERMANENT: readonly Refusal[] = [
  {
    how: 'a password is wanted',
    presence: 'NOAUTH',
    broadcasts: 'NOAUTH',
    refuses: [['CONFIG', 'SET', 'requirepass', 'secret'], ...END_CONNECTIONS],
    allows: [['CONFIG', 'SET', 'requirepass', '']],
  },
  {
    how: 'a permission is missing',
    presence: 'NOPERM',
    broadcasts: 'NOPERM',
    refuses: [['ACL', 'SETUSER', 'default', '-eval', '-publish']],
    allows: [['ACL', 'SETUSER', 'default', '+eval', '+publish']],
  },
  {
    how: 'a key is of another type',
    presence: 'WRONGTYPE',
    refuses: [['SET', 'lifeline:{presence}:seen', 'mine']],
    allows: [['DEL', 'lifeline:{presence}:seen']],
  },
];

const PASSING: readonly Refusal[] = [
  {
    how: 'its memory is full',
    presence: 'OOM',
    refuses: [['CONFIG', 'SET', 'maxmemory', '1']],
    allows: [['CONFIG', 'SET', 'maxmemory', '0']],
  },
  {
    how: 'it is a replica',
    presence: 'READONLY',
    broadcasts: REPLICA,
    refuses: [['REPLICAOF', '127.0.0.1', '1']],
    allows: [['REPLICAOF', 'NO', 'ONE']],
  },
  {
    how: 'it is a replica without its master',
    presence: 'MASTERDOWN',
    broadcasts: REPLICA,
    refuses: [
      ['CONFIG', 'SET', 'replica-serve-stale-data', 'no'],
      ['REPLICAOF', '127.0.0.1', '1'],
    ],
    allows: [['REPLICAOF', 'NO', 'ONE']],
  },
  {
    how: 'it pauses its clients',
    presence: 'no answer|timeout',
    broadcasts: 'no answer|timeout',
    refuses: [['CLIENT', 'PAUSE', '3000', 'ALL']],
    allows: [],
  },
];

/** What was told, except that a test has ended the connections. */
const told = ({ errors }: { readonly errors: readonly Error[] }) =>
  errors.map(({ message }) => message).filter((message) => !message.includes('Socket closed'));

describe.concurrent('Redis refuses:', () => {
  test.for([...PERMANENT, ...PASSING])(
    'told once, nobody goes offline, and all goes on when it ends: $how (fault 87)',
    { timeout: 60_000 },
    async ({ presence, broadcasts, refuses, allows }, { admin, proxy, open, listen }) => {
      const store = open({ lease: 15_000 }, proxy.port);
      const [one, two] = [listen({}, proxy.port), listen({}, proxy.port)];
      const carries = () =>
        until(() => {
          one.channel.publish({ message: 'hello' });
          expect(two.received).not.toEqual([]);
        }, 15_000);
      store.store.join('ann', 'a1');
      await until(() => expect(store.changes).toEqual(['online ann']), 10_000);
      await carries();
      for (const { errors } of [store, one]) errors.length = 0;

      for (const command of refuses) await admin.sendCommand(command);
      const publish = setInterval(() => one.channel.publish({ message: 'hello' }), 50);
      await until(() => {
        expect(told(store)).toHaveLength(1);
        expect(told(one)).toHaveLength(broadcasts === undefined ? 0 : 1);
      }, 10_000);
      await delay(1_500);
      expect(told(store)).toEqual([expect.stringMatching(presence)]);
      expect(told(one).filter((message) => !new RegExp(broadcasts ?? '^').test(message))).toEqual(
        [],
      );
      for (const command of allows) await admin.sendCommand(command);
      clearInterval(publish);
      store.store.join('bob', 'b1');
      await until(() => expect(store.changes).toContain('online bob'), 15_000);
      two.received.length = 0;
      await carries();
      await delay(500);
      expect(store.changes).toEqual(['online ann', 'online bob']);
      expect(told(store)).toHaveLength(1);
      expect(told(one)).toHaveLength(broadcasts === undefined ? 0 : 1);
    },
  );

  test(
    'a wrong password is tried less and less often (fault 87)',
    { timeout: 30_000 },
    async ({ admin, proxy, onTestFinished }) => {
      await admin.sendCommand(['CONFIG', 'SET', 'requirepass', 'right']);
      const { store, errors, changes } = openStore(`redis://:wrong@127.0.0.1:${proxy.port}`);
      onTestFinished(() => store.stop());
      store.join('ann', 'a1');
      await delay(6_500);
      expect((await proxy.report()).ever).toBeLessThanOrEqual(4);
      expect(told({ errors })).toEqual([expect.stringContaining('WRONGPASS')]);
      await admin.sendCommand(['CONFIG', 'SET', 'requirepass', 'wrong']);
      await until(() => expect(changes).toEqual(['online ann']), 10_000);
      expect(errors).toHaveLength(1);
    },
  );

  test(
    'nobody flaps when servers come back from a refusal one after the other (fault 87)',
    { timeout: 60_000 },
    async ({ admin, open }) => {
      const options = { lease: 15_000 };
      const one = open(options);
      const two = open(options);
      one.store.join('ann', 'a1');
      two.store.join('bob', 'b1');
      await until(() => {
        for (const { store } of [one, two]) expect(store.list()).toHaveLength(2);
      }, 10_000);
      await admin.sendCommand(['ACL', 'SETUSER', 'default', '-eval']);
      // The data in Redis has expired meanwhile, and the pauses are 4 s and more.
      await delay(7_000);
      const three = open(options);
      await delay(1_500);
      await admin.sendCommand(['ACL', 'SETUSER', 'default', '+eval']);
      await until(() => expect(three.store.list()).toHaveLength(2), 15_000);
      await delay(10_000);
      for (const { store, changes } of [one, two, three]) {
        expect(changes).toHaveLength(2);
        expect(store.list().toSorted()).toEqual(['ann', 'bob']);
      }
    },
  );

  test('a server that finds too many clients says so, and is served later (fault 87)', async ({
    admin,
    open,
  }) => {
    await admin.sendCommand(['CONFIG', 'SET', 'maxclients', '1']);
    const { store, errors, changes } = open();
    store.join('ann', 'a1');
    await until(() => expect(errors).toHaveLength(1));
    await delay(1_000);
    expect(told({ errors })).toEqual([expect.stringContaining('max number of clients reached')]);
    await admin.sendCommand(['CONFIG', 'SET', 'maxclients', '100']);
    await until(() => expect(changes).toEqual(['online ann']));
  });

  test('a refusal is told also when Redis could not be reached before (fault 87)', async ({
    redis,
    open,
  }) => {
    await redis.dies();
    const { errors } = open();
    await until(() => expect(errors).toHaveLength(1));
    await redis.starts(['--requirepass', 'secret']);
    await until(() => expect(errors.at(-1)?.message).toContain('NOAUTH'), 10_000);
    await delay(1_000);
    expect(errors).toHaveLength(2);
  });

  test('no error contains the password, even if Redis quotes it (fault 87)', async ({
    onTestFinished,
  }) => {
    const old = createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', () =>
        socket.write(
          "-ERR unknown command 'HELLO', with args beginning with: '3' 'AUTH' 'default' 'secret' \r\n",
        ),
      );
    });
    const port = await listenOn(old, 0);
    const { store, errors } = openStore(`redis://:secret@127.0.0.1:${port}`);
    onTestFinished(async () => {
      await store.stop();
      old.close();
    });
    await until(() => expect(errors).toHaveLength(1));
    expect(errors[0]?.message).toMatch(/^Redis cannot be used: ERR unknown command 'HELLO'\. /);
    expect(inspect(errors, { depth: null })).not.toContain('secret');
  });
});
