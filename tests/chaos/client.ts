import { WebSocket } from 'ws';
import { createConnection, RequestError, requests, type TopicConnection } from '../../src/core.ts';
import { confirmed } from '../../src/delivery.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

/** How a request has ended: with its reply, or with the reason of its error. */
export type Ending = 'reply' | 'wrong reply' | RequestError['reason'] | 'another error';

/** A client over a network of its own, and a record of all that it was told. */
export class ChaosClient {
  readonly identity: string;
  readonly proxy: TcpProxy;
  readonly connection: TopicConnection;
  readonly sent: string[] = [];
  readonly confirmed: string[] = [];
  /** The messages of topics. */
  readonly heard: string[] = [];
  /** How many messages it had heard when it was told of a gap. */
  readonly gaps: number[] = [];
  /** What must not happen. */
  readonly told: string[] = [];
  readonly asked = new Map<string, Promise<Ending>>();
  readonly #request: (message: string) => Promise<unknown>;

  static async start(identity: string, port: number): Promise<ChaosClient> {
    return new ChaosClient(identity, await startTcpProxy(port));
  }

  private constructor(identity: string, proxy: TcpProxy) {
    this.identity = identity;
    this.proxy = proxy;
    const connection = createConnection({
      url: `${proxy.url}${identity}`,
      WebSocket,
      reconnect: { minDelay: 10, baseDelay: 50, maxDelay: 200 },
      // A half-open link must be noticed in the time that a test has.
      heartbeat: { interval: 200, timeout: 1_000 },
      delivery: confirmed(),
    });
    this.connection = connection;
    this.#request = connection.extend(requests);
    connection.on('message', (message) => this.heard.push(message as string));
    connection.on('confirm', (messages) => {
      for (const message of messages) this.#confirm(message as string);
    });
    const tell = (...words: unknown[]) =>
      this.told.push(`${identity}: ${words.map(String).join(' ')}`);
    connection.on('gap', () => this.gaps.push(this.heard.length));
    connection.on('uncertain', (messages) => tell('uncertain', messages));
    connection.on('failed', (message, reason) => tell('failed', message, reason));
    connection.on('drop', (messages, reason) => tell('drop', messages, reason));
    connection.on('error', (error) => tell(error));
    connection.open();
  }

  send(): void {
    const text = `${this.identity} says ${this.sent.length + 1}`;
    this.sent.push(text);
    this.connection.send(text);
  }

  ask(): void {
    const text = `${this.identity} asks ${this.asked.size + 1}`;
    this.asked.set(
      text,
      this.#request(text).then(
        (reply) => (reply === `reply to ${text}` ? 'reply' : 'wrong reply'),
        (error: unknown) => (error instanceof RequestError ? error.reason : 'another error'),
      ),
    );
  }

  async end(): Promise<void> {
    this.connection.close();
    await this.proxy.stops();
  }

  /** The messages of requests are confirmed, too. */
  #confirm(message: string): void {
    if (!this.asked.has(message)) this.confirmed.push(message);
  }
}
