import { expect, test, vi } from 'vitest';
import type { Frame, Host, OutFrame } from '../../../src/core.ts';
import { simulate, simulateOpen, URL_B } from '../../support/simulation/world.ts';

/** An extension that counts how often it was attached, and hands out its host. */
function probe(key = Symbol('probe')) {
  const attached = vi.fn<() => void>();
  const attach = (host: Host<Frame, OutFrame>) => {
    attached();
    return host;
  };
  return { attached, extension: Object.assign(attach, { key }) };
}

test('an extension is attached once for its key, whoever asks for it', () => {
  const { connection } = simulate();
  const key = Symbol('same');
  const first = probe(key);
  const second = probe(key);
  const api = connection.extend(first.extension);
  expect(connection.extend(second.extension)).toBe(api);
  expect(second.attached).not.toHaveBeenCalled();
  expect(connection.extend(probe().extension)).not.toBe(api);
});

test('one that has detached hears nothing more, and the next extend() attaches it anew', () => {
  const { connection, network } = simulateOpen();
  const { extension, attached } = probe();
  const host = connection.extend(extension);
  const heard = vi.fn<(message: unknown) => void>();
  const other = vi.fn<(message: unknown) => void>();
  host.on('message', heard);
  connection.on('message', other);
  host.detach();
  network.server.sends('a');
  expect(heard).not.toHaveBeenCalled();
  expect(other).toHaveBeenCalledOnce();
  connection.extend(extension).on('message', heard);
  network.server.sends('b');
  expect(heard.mock.calls).toEqual([['b']]);
  expect(attached).toHaveBeenCalledTimes(2);
});

test('a listener that an extension has removed itself is not removed twice', () => {
  const { connection, network } = simulateOpen();
  const host = connection.extend(probe().extension);
  const heard = vi.fn<(message: unknown) => void>();
  const remove = host.on('message', heard);
  remove();
  remove();
  host.on('message', heard);
  network.server.sends('a');
  expect(heard).toHaveBeenCalledOnce();
});

test('what an extension sends on a new link goes behind the open handlers and ahead of the outbox', () => {
  const { connection, network } = simulate({ onOpen: () => connection.send('login') });
  const host = connection.extend(probe().extension);
  host.on('link', () => host.sendNow('subscribe'));
  connection.send('queued');
  connection.open();
  network.server.accepts();
  expect(network.server.received).toEqual(['login', 'subscribe', 'queued']);
});

test('it cannot send where no link is open', () => {
  const { connection } = simulate();
  const host = connection.extend(probe().extension);
  expect([host.isOpen(), host.sendNow('a'), host.sendFrame('b')]).toEqual([false, false, false]);
});

test('it hears of another scope, and of it alone', () => {
  const { connection } = simulateOpen();
  const host = connection.extend(probe().extension);
  const changed = vi.fn<() => void>();
  host.on('scope', changed);
  connection.reconnect();
  expect(changed).not.toHaveBeenCalled();
  connection.update({ url: URL_B });
  expect(changed).toHaveBeenCalledOnce();
});

test('a function without a key is refused', () => {
  const { connection } = simulate();
  const attach = (() => 'api') as unknown as Parameters<typeof connection.extend<string>>[0];
  expect(() => connection.extend(attach)).toThrow(/a symbol as its key/);
});

test('its host has what its type says, and no more', () => {
  const { connection } = simulate();
  expect(Object.keys(connection.extend(probe().extension)).toSorted()).toEqual([
    'clock',
    'detach',
    'emit',
    'isOpen',
    'on',
    'sendFrame',
    'sendNow',
    'settings',
  ]);
});
