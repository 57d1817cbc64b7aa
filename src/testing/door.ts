import type { ServedClient } from './test-client.ts';

/** What becomes of the clients that want to connect. */
export interface Door<In, Out> {
  /** How many clients have knocked. */
  readonly knocks: number;
  /** What becomes of them now, for an error. */
  readonly state: string;
  /** A client wants to connect. */
  knock(client: ServedClient<In, Out>): void;
  /** See `TestServer`. */
  accept(): void;
  /** See `TestServer`. */
  refuse(code?: number, reason?: string): void;
  /** See `TestServer`. */
  hold(): void;
}

/**
 * Makes a door that lets everybody in.
 *
 * @param protocols - The subprotocols that the server speaks; undefined for all.
 * @param onConnect - Called with each client that was let in.
 */
export function createDoor<In, Out>(
  protocols: readonly string[] | undefined,
  onConnect: (client: ServedClient<In, Out>) => void,
): Door<In, Out> {
  let waiting: ServedClient<In, Out>[] = [];
  let answer: ((client: ServedClient<In, Out>) => void) | null = letIn;
  let state = 'The server accepts.';
  let knocks = 0;
  /** What the last client offered, if the server speaks none of it. */
  let unknown = '';

  function letIn(client: ServedClient<In, Out>): void {
    const offered = client.protocols;
    const chosen = offered.find((name) => protocols?.includes(name) ?? true);
    const isUnknown = offered.length > 0 && chosen === undefined;
    unknown = isUnknown ? offered.join(', ') : '';
    if (isUnknown) return client.socket.server.refuses();
    client.accept(chosen ?? '');
    onConnect(client);
  }

  function answerWith(next: typeof answer, text: string): void {
    answer = next;
    state = text;
    if (!answer) return;
    const clients = waiting.filter(({ socket }) => socket.readyState === 0);
    waiting = [];
    for (const client of clients) answer(client);
  }

  return {
    get knocks() {
      return knocks;
    },
    get state() {
      return unknown && answer === letIn
        ? `The server speaks none of the subprotocols that were offered (${unknown}): see its option protocols.`
        : state;
    },
    knock(client) {
      knocks++;
      if (answer) answer(client);
      else waiting.push(client);
    },
    accept: () => answerWith(letIn, 'The server accepts.'),
    hold: () => answerWith(null, 'The server lets them wait: call accept().'),
    refuse(code, reason) {
      const turnAway = (client: ServedClient<In, Out>) => {
        if (code === undefined) return client.socket.server.refuses();
        client.accept(client.protocols[0] ?? '');
        client.close(code, reason);
      };
      answerWith(turnAway, 'The server refuses: call accept().');
    },
  };
}
