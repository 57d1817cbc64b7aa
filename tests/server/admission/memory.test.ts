import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { createLifelineServer } from '../../../src/server.ts';
import { heapSize } from '../../support/server/heap.ts';

/** The part of a socket that a refusal uses. */
class RefusedSocket extends EventEmitter {
  end(): void {}
}

test('50,000 refused upgrades leave no memory in use', async () => {
  const server = createLifelineServer({ origins: () => false });
  const request = { url: '/', headers: {} } as IncomingMessage;
  const refuse = async (count: number) => {
    for (let n = 0; n < count; n++)
      server.handleUpgrade(request, new RefusedSocket() as unknown as Duplex, Buffer.alloc(0));
    await new Promise((resolve) => setImmediate(resolve));
  };
  await refuse(1_000);
  const before = heapSize();
  await refuse(50_000);
  expect(heapSize() - before).toBeLessThan(1_048_576);
  await server.close();
});
