import { type ReactElement, useState } from 'react';
import { expect } from 'vitest';
import { render } from 'vitest-browser-react';
import { useTopic, useWebSocket, WebSocketProvider } from '../../src/index.ts';
import { lifeline, usePresence, usePresenceData } from '../../src/presence.ts';
import { startPeer, test as base } from './fixtures.ts';
import type { CompanionServer } from '../support/companion.ts';

/** Gives each test its own lifeline server. */
const test = base.extend<{ companion: CompanionServer }>({
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads the parameter to know what a fixture needs
  companion: async ({}, provide) => {
    const companion = await startPeer('companion');
    await provide(companion);
    await companion.stops();
  },
});

interface PersonProps {
  readonly name: string;
  readonly server: { readonly url: string };
  readonly interval?: number;
}

/** A client with its own connection that shows who is online. */
function Person({ name, server, interval = 25_000 }: PersonProps): ReactElement {
  return (
    <WebSocketProvider
      url={`${server.url}?name=${name}`}
      heartbeat={lifeline({ id: name, interval, timeout: 500 })}
      linger={0}
    >
      <Seen by={name} />
    </WebSocketProvider>
  );
}

function Seen({ by }: { by: string }): ReactElement {
  const { status, latency, lastMessage } = useWebSocket();
  const online = usePresence();
  const known = latency === null ? 'unknown' : 'known';
  return (
    <>
      <output aria-label={`online for ${by}`}>{online?.toSorted().join(', ') ?? 'unknown'}</output>
      <output aria-label={`state of ${by}`}>{`${status}, latency ${known}`}</output>
      <output aria-label={`heard by ${by}`}>
        {typeof lastMessage === 'string' ? lastMessage : 'nothing'}
      </output>
    </>
  );
}

/** Ada, and Grace, whom a button removes and adds. */
function Two({ server }: Pick<PersonProps, 'server'>): ReactElement {
  const [both, setBoth] = useState(true);
  return (
    <>
      <Person name="ada" server={server} />
      {both && <Person name="grace" server={server} />}
      <button onClick={() => setBoth(!both)}>grace</button>
    </>
  );
}

test('two clients see each other online, and one sees the other leave and come back', async ({
  companion,
}) => {
  const screen = await render(<Two server={companion} />);
  await expect.element(screen.getByLabelText('online for ada')).toHaveTextContent('ada, grace');
  await expect.element(screen.getByLabelText('online for grace')).toHaveTextContent('ada, grace');
  await screen.getByRole('button').click();
  await expect.element(screen.getByLabelText('online for ada')).toHaveTextContent(/^ada$/);
  expect(await companion.online()).toEqual(['ada']);
  await screen.getByRole('button').click();
  await expect.element(screen.getByLabelText('online for ada')).toHaveTextContent('ada, grace');
});

/** A client that enters a room when a button is clicked, and shows who is in it. */
function Guest({ name, server }: PersonProps): ReactElement {
  return (
    <WebSocketProvider
      url={`${server.url}?name=${name}`}
      heartbeat={lifeline()}
      topics={{ of: () => null, subscribe: (topics) => topics }}
      reconnect={{ baseDelay: 100 }}
    >
      <Room of={name} />
    </WebSocketProvider>
  );
}

function Room({ of: name }: { of: string }): ReactElement {
  const [isInside, setInside] = useState(false);
  const ids = usePresence({ topic: 'room' });
  useTopic(isInside ? 'room' : null);
  return (
    <>
      <button onClick={() => setInside(true)}>{name} enters</button>
      <output aria-label={`room of ${name}`}>
        {ids ? ids.map((id) => <Name key={id} id={id} />) : 'unknown'}
      </output>
    </>
  );
}

function Name({ id }: { id: string }): ReactElement {
  const data = usePresenceData(id, { topic: 'room' });
  return <span>{JSON.stringify(data)}</span>;
}

test('clients see who is in a room when they are in it, with public data, also after the server restarted', async ({
  companion,
}) => {
  const screen = await render(
    <>
      <Guest name="ada" server={companion} />
      <Guest name="grace" server={companion} />
    </>,
  );
  const roomOf = (name: string) => screen.getByLabelText(`room of ${name}`);
  const [ada, grace] = [roomOf('ada'), roomOf('grace')];
  await screen.getByRole('button', { name: 'ada enters' }).click();
  await expect.element(ada).toHaveTextContent(/^{"name":"ADA"}$/);
  await expect.element(grace).toHaveTextContent('unknown');
  await screen.getByRole('button', { name: 'grace enters' }).click();
  const both = '{"name":"ADA"}{"name":"GRACE"}';
  for (const room of [ada, grace]) await expect.element(room).toHaveTextContent(both);
  await companion.restarts(0);
  await expect.poll(() => companion.online(), { timeout: 10_000 }).toEqual(['ada', 'grace']);
  for (const room of [ada, grace])
    await expect.element(room).toHaveTextContent(/ADA.*GRACE|GRACE.*ADA/);
});

test('a lifeline ping sets the latency and the name, and its answer is not a message', async ({
  companion,
}) => {
  const screen = await render(<Person name="ada" server={companion} interval={50} />);
  await expect.element(screen.getByLabelText('state of ada')).toHaveTextContent('latency known');
  expect(await companion.named()).toEqual(['ada']);
  await expect.element(screen.getByLabelText('heard by ada')).toHaveTextContent('nothing');
  await companion.says('hello');
  await expect.element(screen.getByLabelText('heard by ada')).toHaveTextContent('hello');
});

test('a client whose link goes half-open reconnects without being shown offline', async () => {
  const companion = await startPeer('companion', 5_000);
  const proxy = await startPeer('proxy', companion.port);
  const screen = await render(
    <>
      <Person name="ada" server={companion} />
      <Person name="grace" server={proxy} interval={300} />
    </>,
  );
  const seen = screen.getByLabelText('online for ada');
  await expect.element(seen).toHaveTextContent('ada, grace');
  const history: (string | null)[] = [];
  const watch = new MutationObserver(() => history.push(seen.element().textContent));
  watch.observe(seen.element(), { characterData: true, childList: true, subtree: true });
  await proxy.stalls();
  await expect.poll(async () => (await proxy.report()).ever).toBe(2);
  await expect.element(screen.getByLabelText('state of grace')).toHaveTextContent('open');
  await expect.element(screen.getByLabelText('online for grace')).toHaveTextContent('ada, grace');
  expect(history).toEqual([]);
  watch.disconnect();
  await screen.unmount();
  await proxy.stops();
  await companion.stops();
});

test('clients of a restarted server reconnect by themselves and see each other again', async ({
  companion,
}) => {
  const screen = await render(<Two server={companion} />);
  await expect.element(screen.getByLabelText('online for ada')).toHaveTextContent('ada, grace');
  await companion.restarts(100);
  await expect.poll(() => companion.online(), { timeout: 10_000 }).toEqual(['ada', 'grace']);
  await expect.element(screen.getByLabelText('online for ada')).toHaveTextContent('ada, grace');
  await expect.element(screen.getByLabelText('state of grace')).toHaveTextContent('open');
});
