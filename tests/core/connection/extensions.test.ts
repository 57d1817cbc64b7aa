import { expect, test, vi } from 'vitest';
import type { Frame, Host, OutFrame } from '../../../src/core.ts';
import { simulate, simulateOpen, URL_B } from '../../support/simulation/world.ts';

/** An extension that counts how often it is attached, and returns its host. */
function createExtension(key = Symbol('test')) {
  const attached = vi.fn<() => void>();
  const attach = (host: Host<Frame, OutFrame>) => {
    attached();
    return host;
  };
  return { attached, extension: Object.assign(attach, { key }) };
}

test('extensions with the same key are attached once', () => {
  const { connection } = simulate();
  const key = Symbol('same');
  const first = createExtension(key);
  const second = createExtension(key);
  const api = connection.extend(first.extension);
  expect(connection.extend(second.extension)).toBe(api);
  expect(second.attached).not.toHaveBeenCalled();
  expect(connection.extend(createExtension().extension)).not.toBe(api);
});

test('a detached extension gets no more events, and the next extend() attaches it again', () => {
  const { connection, network } = simulateOpen();
  const { extension, attached } = createExtension();
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

test('removing a listener twice does not remove the same listener added again', () => {
  const { connection, network } = simulateOpen();
  const host = connection.extend(createExtension().extension);
  const heard = vi.fn<(message: unknown) => void>();
  const remove = host.on('message', heard);
  remove();
  remove();
  host.on('message', heard);
  network.server.sends('a');
  expect(heard).toHaveBeenCalledOnce();
});

test('what an extension sends on a new link comes after the open handlers and before the outbox', () => {
  const { connection, network } = simulate({ onOpen: () => connection.send('login') });
  const host = connection.extend(createExtension().extension);
  host.on('link', () => host.sendNow('subscribe'));
  connection.send('queued');
  connection.open();
  network.server.accepts();
  expect(network.server.received).toEqual(['login', 'subscribe', 'queued']);
});

test('an extension cannot send while no link is open', () => {
  const { connection } = simulate();
  const host = connection.extend(createExtension().extension);
  expect([host.isOpen(), host.sendNow('a'), host.sendFrame('b')]).toEqual([false, false, false]);
});

test('an extension gets a scope event when the scope changes, and none when the link is replaced', () => {
  const { connection } = simulateOpen();
  const host = connection.extend(createExtension().extension);
  const changed = vi.fn<() => void>();
  host.on('scope', changed);
  connection.reconnect();
  expect(changed).not.toHaveBeenCalled();
  connection.update({ url: URL_B });
  expect(changed).toHaveBeenCalledOnce();
});

test('extend() refuses a function without a key', () => {
  const { connection } = simulate();
  const attach = (() => 'api') as unknown as Parameters<typeof connection.extend<string>>[0];
  expect(() => connection.extend(attach)).toThrow(/a symbol as its key/);
});

test('the host given to an extension has exactly the members of its type', () => {
  const { connection } = simulate();
  expect(Object.keys(connection.extend(createExtension().extension)).toSorted()).toEqual([
    'clear',
    'clock',
    'decode',
    'delivery',
    'detach',
    'emit',
    'interceptors',
    'isOpen',
    'on',
    'send',
    'sendFrame',
    'sendNow',
    'settings',
  ]);
});
