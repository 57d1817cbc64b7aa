import { onTestFinished } from 'vitest';
import { render } from 'vitest-browser-react';
import { createConnection, type Frame, WebSocketProvider } from '../../src/index.ts';
import type { LedgerServer } from '../support/soak/ledger-server.ts';
import type { TcpProxy } from '../support/tcp-proxy.ts';
import type { Chance } from './chance.ts';
import type { Journal } from './journal.ts';
import { inShort, Panel } from './panel.tsx';
import { NumberedSocket } from './sockets.ts';
import { type Parts, pause, STEPS } from './steps.ts';
import { TIMES, Watchdog } from './watchdog.ts';
import { Witness } from './witness.ts';

/** Once nothing is wrong any more, all is well again within this time, in milliseconds. */
const RECOVERY = 5_000;

/** A page on a bad network, with somebody who looks at it. */
export interface Stage {
  readonly witness: Witness;
  /** How often each step was taken. */
  readonly taken: ReadonlyMap<string, number>;
  /** Takes so many random steps. */
  misbehaves(steps: number): Promise<void>;
  /** Ends all faults, and waits until both sides know the same. Returns how long it took, in milliseconds. */
  calmsDown(): Promise<number>;
}

/** Sets up a page that holds a connection to the server through the network. */
export async function setStage(
  server: LedgerServer,
  network: TcpProxy,
  chance: Chance,
  journal: Journal,
): Promise<Stage> {
  let turn = 0;
  const url = () => `${network.url}?turn=${turn}`;
  const connection = createConnection({
    ...TIMES,
    heartbeat: {
      ...TIMES.heartbeat,
      pong(frame) {
        watchdog.hears();
        return frame === 'pong';
      },
    },
    url: url(),
    scope: 'the same',
    linger: 50,
    outbox: { maxMessages: 200, overflow: chance.pick(['drop-oldest', 'drop-newest']) },
    WebSocket: NumberedSocket,
  });
  const witness = new Witness(connection, journal);
  const watchdog = new Watchdog(connection, journal);
  onTestFinished(watchdog.start());
  onTestFinished(() => connection.close());

  let heard = 0;
  const onMessage = (message: Frame) => {
    heard++;
    if (message !== connection.lastMessage) journal.accuses('a component hears another message');
  };
  const onMount = () => {
    const from = witness.totals.seen;
    heard = 0;
    return () => {
      const missed = witness.totals.seen - from - heard;
      if (missed !== 0) journal.accuses(`a component has missed ${missed} messages`);
    };
  };
  const page = (isShown: boolean) =>
    isShown && (
      <WebSocketProvider connection={connection}>
        <Panel onMessage={onMessage} onMount={onMount} />
      </WebSocketProvider>
    );
  const screen = await render(page(true));

  const parts: Parts = {
    server,
    network,
    connection,
    witness,
    shows: (isShown) => screen.rerender(page(isShown)),
    moves() {
      const { lastMessage } = connection;
      turn++;
      connection.update({ url: url() });
      if (connection.lastMessage !== lastMessage) journal.accuses('another url is another scope');
    },
  };

  const draw = chance.deck(
    Object.keys(STEPS).flatMap((name) => Array<string>(STEPS[name]?.[0] ?? 0).fill(name)),
  );
  const taken = new Map<string, number>();

  /** Waits until nothing is missing any more. */
  async function until(whatIsMissing: () => string | null | Promise<string | null>): Promise<void> {
    const from = watchdog.now;
    for (let missing; (missing = await whatIsMissing()) !== null;) {
      if (watchdog.now - from > RECOVERY)
        journal.accuses(`${RECOVERY} ms after the last fault ${missing}`);
      journal.expectsNothingWrong();
      await pause(10);
    }
  }

  return {
    witness,
    taken,
    async misbehaves(steps) {
      for (let left = steps; left > 0; left--) {
        const name = draw();
        taken.set(name, (taken.get(name) ?? 0) + 1);
        journal.notes(`${name} …`);
        const detail = await STEPS[name]?.[1](parts, chance);
        if (detail) journal.notes(`… ${detail}`);
        await pause(chance.between(0, chance.pick([0, 10, 50, 300])));
        witness.compares(await server.reports());
        journal.expectsNothingWrong();
      }
    },
    async calmsDown() {
      journal.notes('all is well');
      const from = watchdog.now;
      await network.passes();
      await server.accepts();
      await parts.shows(true);
      await until(() => {
        const { status } = connection.getSnapshot();
        // The last word of a server may have been the end, or our own.
        if (status === 'closed' || status === 'closing') connection.open();
        return status === 'open' ? null : `the status is ${status}`;
      });
      witness.sends(1);
      await server.floods(1, 1);
      await until(async () => {
        const { status } = connection.getSnapshot();
        if (status === 'closed') connection.open();
        return witness.compares(await server.reports());
      });
      await until(() => {
        const wanted = `open ${inShort(connection.lastMessage)}`;
        const shown = screen.getByLabelText('panel').element().textContent;
        return shown === wanted ? null : `"${shown}" is shown instead of "${wanted}"`;
      });
      return watchdog.now - from;
    },
  };
}
