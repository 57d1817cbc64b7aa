import { QueryClient, QueryClientProvider, useQuery, useQueryClient } from '@tanstack/react-query';
import { useWebSocketEvent, WebSocketProvider } from '../../src/index.ts';

const queryClient = new QueryClient();

export default function App() {
  return (
    <WebSocketProvider url="ws://localhost:8080" heartbeat>
      <QueryClientProvider client={queryClient}>
        <Orders />
      </QueryClientProvider>
    </WebSocketProvider>
  );
}

function Orders() {
  const client = useQueryClient();
  // What the server said while there was no link is lost, so fetch again.
  useWebSocketEvent('open', ({ reconnected }) => {
    if (reconnected) void client.invalidateQueries();
  });
  // Your app has fetch() here.
  const { data } = useQuery({ queryKey: ['orders'], queryFn: () => Date() });
  return <p>Fetched: {data}</p>;
}
