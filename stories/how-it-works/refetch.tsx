import { QueryClient, QueryClientProvider, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMessage, useWebSocket, useWebSocketEvent } from '../../src/index.ts';
import { ProviderControlBar } from '../parts/control-bar.tsx';
import { type DemoOptions, DemoProvider, demoUrl, useRoom } from '../parts/demo-provider.tsx';
import { type Command, readServerWord } from '../server/words.ts';
import { Button } from '../ui/controls.tsx';
import { Columns, Page } from '../ui/page.tsx';
import { Panel } from '../ui/panel.tsx';

/** Fetches everything again when a link is open that follows another one. */
function RefetchAfterReconnect() {
  const client = useQueryClient();
  useWebSocketEvent('open', ({ reconnected }) => {
    if (reconnected) void client.invalidateQueries();
  });
  return null;
}

/** How many orders are listed. */
const SHOWN = 5;

/** Orders that were fetched once, and those that the server has told of since then. */
function Orders(props: {
  title: string;
  fetchOrders: () => Promise<readonly string[]>;
  all: number;
}) {
  const { title, fetchOrders, all } = props;
  const client = useQueryClient();
  const queryKey = ['orders'];
  // Only a reconnect fetches again.
  const { data = [] } = useQuery({ queryKey, queryFn: fetchOrders, staleTime: Infinity });
  useMessage((frame) => {
    const word = readServerWord(frame);
    if (word?.demo !== 'said') return;
    client.setQueryData<readonly string[]>(queryKey, (old = []) => [
      ...new Set([...old, word.text]),
    ]);
  });
  const isComplete = data.length === all;
  return (
    <Panel
      title={title}
      note={
        <span className="ui-tag" data-tone={isComplete ? 'good' : 'bad'}>
          {data.length} of {all}
        </span>
      }
    >
      {data.length > SHOWN && <p className="ui-note">{data.length - SHOWN} earlier, then</p>}
      <ol className="ui-fates">
        {data.slice(-SHOWN).map((order) => (
          <li key={order} data-tone="calm">
            <span>{order}</span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

const orderNo = (n: number) => `Order ${n}`;

/** The app's own server: it tells everybody in the room of an order, and answers who fetches. */
function Shop({ room, orders, onOrder }: { room: string; orders: number; onOrder: () => void }) {
  const { send } = useWebSocket(demoUrl(room, { name: 'Shop' }));
  return (
    <Panel title="The shop" note={`${orders} orders`}>
      <div className="ui-lines">
        <div className="ui-buttons">
          <Button
            kind="primary"
            onClick={() => {
              const word: Command = { demo: 'say', text: orderNo(orders + 1) };
              send(JSON.stringify(word));
              onOrder();
            }}
          >
            New order
          </Button>
        </div>
        <p className="ui-note">The server announces each order once, over the connection.</p>
      </div>
    </Panel>
  );
}

/** Two apps on one connection: one fetches again after a reconnect. */
export function Refetch({ room: given, ...options }: DemoOptions) {
  const room = useRoom(given);
  const [orders, setOrders] = useState(3);
  const [clients] = useState(() => [new QueryClient(), new QueryClient()] as const);
  // Stands for fetch('/orders').
  const fetchOrders = () =>
    Promise.resolve(Array.from({ length: orders }, (_, n) => orderNo(n + 1)));
  const list = (title: string) => <Orders title={title} fetchOrders={fetchOrders} all={orders} />;

  return (
    <DemoProvider room={room} {...options}>
      <Page
        title="Refetch after a reconnect"
        lede="What the server says while there is no connection is lost. Cut the cable and add orders: after the reconnect, one app fetches them with TanStack Query, and the other one does not know of them."
      >
        <ProviderControlBar />
        <Shop room={room} orders={orders} onOrder={() => setOrders(orders + 1)} />
        <Columns>
          <QueryClientProvider client={clients[0]}>
            <RefetchAfterReconnect />
            {list('Fetches again')}
          </QueryClientProvider>
          <QueryClientProvider client={clients[1]}>
            {list('Does not fetch again')}
          </QueryClientProvider>
        </Columns>
      </Page>
    </DemoProvider>
  );
}
