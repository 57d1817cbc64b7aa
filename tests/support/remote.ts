import type { BrowserCommand } from 'vitest/node';

/** The address of a peer. */
interface Address {
  readonly url: string;
  readonly port: number;
}

type Start = (...args: never[]) => Promise<Address>;

/** Vitest commands that start peers in Node and call their methods. `tests/browser/fixtures.ts` wraps them. */
export function remoteCommands(starts: Record<string, Start>): {
  startPeer: BrowserCommand<[kind: string, ...args: unknown[]]>;
  askPeer: BrowserCommand<[url: string, method: string, ...args: unknown[]]>;
} {
  const running = new Map<string, Address>();
  return {
    async startPeer(_context, kind, ...args): Promise<Address> {
      const peer = await starts[kind]?.(...(args as never[]));
      if (!peer) throw new Error(`There is no peer of the kind "${kind}".`);
      const { url, port } = peer;
      running.set(url, peer);
      return { url, port };
    },
    async askPeer(_context, url, method, ...args): Promise<unknown> {
      const peer = running.get(url) as unknown as Record<string, (...args: unknown[]) => unknown>;
      if (!peer?.[method]) throw new Error(`The peer at ${url} has no method ${method}.`);
      return peer[method](...args);
    },
  };
}

declare module 'vitest/browser' {
  interface BrowserCommands {
    startPeer(kind: string, ...args: unknown[]): Promise<Address>;
    askPeer(url: string, method: string, ...args: unknown[]): Promise<never>;
  }
}
