/** The demo server alone, for other pages and clients: ws://localhost:8080, or the port in PORT. */
import { createServer } from 'node:http';
import { createDemoServer } from './demo-server.ts';

const demo = createDemoServer((line) => console.log(line));
const http = createServer((_request, response) => {
  response.writeHead(426, { 'Content-Type': 'text/plain', Upgrade: 'websocket' });
  response.end('This is the demo server of react-lifeline. Connect to it with a WebSocket.\n');
});
http.on('upgrade', (request, socket, head) => demo.handleUpgrade(request, socket, head));
http.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
http.listen(Number(process.env.PORT ?? 8080), () => {
  const address = http.address();
  console.log(
    `demo server on ws://localhost:${typeof address === 'object' ? address?.port : address}`,
  );
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    demo.close();
    http.close();
  });
}
