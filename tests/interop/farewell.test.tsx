// @vitest-environment jsdom
import { render } from '@testing-library/react';
import type { Packet } from 'mqtt-packet';
import { Farewell, useWebSocket, WebSocketProvider } from 'protocols.md/farewell.tsx';
import { mqtt } from 'protocols.md/mqtt.ts';
import { StrictMode } from 'react';
import { expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { HandshakeContext } from '../../src/core.ts';
import { eventually } from '../support/recorded-connection.ts';
import { startForeign, TOKEN } from './foreign.ts';
import { aedes } from './mqtt-broker.ts';
import { here, logIn } from './story.ts';

const will = { topic: 'will', payload: Buffer.from('gone'), qos: 0, retain: false } as const;

/** The login of the page, with a will: what the broker says of a client that ends without a farewell. */
const handshake = (context: HandshakeContext<Packet, Packet>) =>
  mqtt.handshake({
    ...context,
    send: (packet: Packet) => context.send({ ...packet, will } as Packet),
  });

function Status() {
  return <output>{useWebSocket().status}</output>;
}

async function setUp(hasFarewell: boolean) {
  logIn(TOKEN);
  const foreign = await startForeign(aedes);
  const page = render(
    <StrictMode>
      <WebSocketProvider {...here(foreign, mqtt, [5_000, 5_000])} {...{ WebSocket, handshake }}>
        <Status />
        {hasFarewell && <Farewell />}
      </WebSocketProvider>
    </StrictMode>,
  );
  const isOpen = () => expect(page.container.textContent).toBe('open');
  await vi.waitFor(isOpen, eventually);
  return { ...foreign, ...page };
}

test('an unmount says goodbye: the broker does not publish the will', async () => {
  const { world, proxy, unmount } = await setUp(true);
  unmount();
  await vi.waitFor(async () => expect((await proxy.report()).open).toBe(0), eventually);
  expect(world.heard).toEqual(['login', 'farewell']);
});

test('a page that is left says goodbye', async () => {
  const { world } = await setUp(true);
  window.dispatchEvent(new Event('pagehide'));
  await vi.waitFor(() => expect(world.heard).toContain('farewell'), eventually);
  expect(world.heard).not.toContain('will');
});

test('without it, and when the link is cut, the broker publishes the will', async () => {
  const { world, proxy, unmount } = await setUp(false);
  await proxy.resets();
  await vi.waitFor(
    () => expect(world.heard.filter((word) => word === 'will')).toHaveLength(1),
    eventually,
  );
  await proxy.passes();
  await vi.waitFor(
    () => expect(world.heard.filter((word) => word === 'login')).toHaveLength(2),
    eventually,
  );
  unmount();
  await vi.waitFor(
    () => expect(world.heard.filter((word) => word === 'will')).toHaveLength(2),
    eventually,
  );
});
