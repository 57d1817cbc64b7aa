import { onTestFinished } from 'vitest';
import { render } from 'vitest-browser-react';
import { createConnection, type Frame, WebSocketProvider } from '../../src/index.ts';
import type { LedgerServer } from '../support/soak/ledger-server.ts';
import type { TcpProxy } from '../support/tcp-proxy.ts';
import type { Chance } from './chance.ts';
import type { Journal } from './journal.ts';
import { shortTextOf, Panel } from './panel.tsx';
import { NumberedSocket } from './sockets.ts';
import { type Parts, pause, STEPS } from './steps.ts';
import { TIMES, Watchdog } from './watchdog.ts';
import { MessageChecker } from './message-checker.ts';

/** The longest time from the end of all faults until everything works, in milliseconds. */
const RECOVERY = 5_000;

/** A page with a connection through a bad network, and checks of its messages and times. */
export interface SoakPage {
  readonly checker: MessageChecker;
  /** How often each step was taken. */
  readonly taken: ReadonlyMap<string, number>;
  /** Takes so many random steps. */
  takesRandomSteps(steps: number): Promise<void>;
  /** Ends all faults, and waits until page and server agree. Returns how long it took, in milliseconds. */
  recovers(): Promise<number>;
}

/** Opens a page with a connection to the server through the network. */
export async function openSoakPage(
  server: LedgerServer,
  network: TcpProxy,
  chance: Chance,
  journal: Journal,
): Promise<SoakPage> {
  let turn = 0;
  const url = () => `${network.url}?turn=${turn}`;
  const connection = createConnection({
    ...TIMES,
    heartbeat: {
      ...TIMES.heartbeat,
      pong(frame) {
        watchdog.noteActivity();
        return frame === 'pong';
      },
    },
    url: url(),
    scope: 'the same',
    linger: 50,
    outbox: { maxMessages: 200, overflow: chance.pick(['drop-oldest', 'drop-newest']) },
    WebSocket: NumberedSocket,
  });
  const checker = new MessageChecker(connection, journal);
  const watchdog = new Watchdog(connection, journal);
  onTestFinished(watchdog.start());
  onTestFinished(() => connection.close());

  let delivered = 0;
  const onMessage = (message: Frame) => {
    delivered++;
    if (message !== connection.lastMessage) journal.fails('a component gets another message');
  };
  const onMount = () => {
    const from = checker.totals.delivered;
    delivered = 0;
    return () => {
      const missed = checker.totals.delivered - from - delivered;
      if (missed !== 0) journal.fails(`a component has missed ${missed} messages`);
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
    checker,
    mounts: (isShown) => screen.rerender(page(isShown)),
    changesUrl() {
      const { lastMessage } = connection;
      turn++;
      connection.update({ url: url() });
      if (connection.lastMessage !== lastMessage) journal.fails('another url is another scope');
    },
  };

  const draw = chance.shuffled(
    Object.keys(STEPS).flatMap((name) => Array<string>(STEPS[name]?.[0] ?? 0).fill(name)),
  );
  const taken = new Map<string, number>();

  /** Waits until nothing is missing. */
  async function until(whatIsMissing: () => string | null | Promise<string | null>): Promise<void> {
    const from = watchdog.now;
    for (let missing; (missing = await whatIsMissing()) !== null;) {
      if (watchdog.now - from > RECOVERY)
        journal.fails(`${RECOVERY} ms after the last fault ${missing}`);
      journal.throwOnFailure();
      await pause(10);
    }
  }

  return {
    checker,
    taken,
    async takesRandomSteps(steps) {
      for (let left = steps; left > 0; left--) {
        const name = draw();
        taken.set(name, (taken.get(name) ?? 0) + 1);
        journal.logs(`${name} …`);
        const detail = await STEPS[name]?.[1](parts, chance);
        if (detail) journal.logs(`… ${detail}`);
        await pause(chance.between(0, chance.pick([0, 10, 50, 300])));
        checker.compareWith(await server.reports());
        journal.throwOnFailure();
      }
    },
    async recovers() {
      journal.logs('all faults end');
      const from = watchdog.now;
      await network.passes();
      await server.accepts();
      await parts.mounts(true);
      await until(() => {
        const { status } = connection.getSnapshot();
        // A close by the server or by the page may have ended the connection.
        if (status === 'closed' || status === 'closing') connection.open();
        return status === 'open' ? null : `the status is ${status}`;
      });
      checker.sends(1);
      await server.floods(1, 1);
      await until(async () => {
        const { status } = connection.getSnapshot();
        if (status === 'closed') connection.open();
        return checker.compareWith(await server.reports());
      });
      await until(() => {
        const wanted = `open ${shortTextOf(connection.lastMessage)}`;
        const shown = screen.getByLabelText('panel').element().textContent;
        return shown === wanted ? null : `"${shown}" is shown instead of "${wanted}"`;
      });
      return watchdog.now - from;
    },
  };
}
