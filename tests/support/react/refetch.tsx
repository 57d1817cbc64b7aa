import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useWebSocket, useWebSocketEvent } from '../../../src/index.ts';

/** `replayed`: how far back the server repeats by itself what was missed, in ms. */
export function RefetchAfterReconnect({ replayed = 0 }: { replayed?: number }) {
  const queryClient = useQueryClient();
  useWebSocketEvent('open', ({ reconnected, downtime }) => {
    if (reconnected && downtime >= replayed) void queryClient.invalidateQueries();
  });
  return null;
}

/** Shows the status of the connection, and what was fetched. */
export function Orders({ fetchOrders }: { readonly fetchOrders: () => Promise<string> }) {
  const { status } = useWebSocket();
  const { data } = useQuery({ queryKey: ['orders'], queryFn: fetchOrders });
  return (
    <p>
      {status} {data}
    </p>
  );
}
