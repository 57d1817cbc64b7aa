import type { AnyIdentity, ServerClient } from '../clients/client.ts';
import { WINDOW, WINDOW_BYTES } from '../limits/delivery.ts';
import { withHeader } from '../messages/payload.ts';
import { writeDeliveryFrame } from '../protocol/delivery-frames.ts';
import type { Answer, MessageId, SessionApp } from './app.ts';
import type { Reply, SessionRecord } from './store.ts';

/** What requests do with the rest of their session. */
export interface RequestsHost {
  readonly app: SessionApp;
  /** Sends a frame if there is a link. @returns Whether there is one. */
  send(data: string | Uint8Array): boolean;
  /** A request has ended. */
  done(): void;
  /** A request has ended after the outbox was released. */
  reply(id: number, reply: Reply): void;
  /** The client does not wait any more for a request that is at work at another server. */
  abort(id: number): void;
  /** A reply was forgotten, because there are too many. */
  forgotten(): void;
}

/** The requests of one outbox: those at work, and the replies that the client has not acknowledged. */
export class Requests {
  readonly #host: RequestsHost;
  /** Where replies are kept; null if nobody can ask for them. */
  readonly #record: SessionRecord | null;
  readonly #running = new Map<number, AbortController>();
  /** The replies that were sent over the present link. */
  readonly #sent = new Set<number>();
  #bytes = 0;
  /** Whether another server has the outbox. */
  #isReleased = false;

  constructor(host: RequestsHost, record: SessionRecord | null) {
    this.#host = host;
    this.#record = record;
    for (const { data } of record?.replies?.values() ?? []) this.#bytes += Buffer.byteLength(data);
  }

  get running(): number {
    return this.#running.size;
  }

  has(id: number): boolean {
    return this.isRunning(id) || (this.#record?.replies?.has(id) ?? false);
  }

  begin(
    client: ServerClient<AnyIdentity>,
    id: number,
    data: string | Buffer,
    { outbox, number }: MessageId,
  ): void {
    const controller = new AbortController();
    this.#running.set(id, controller);
    const end = (answer: Answer) => {
      // Who has aborted it does not wait any more.
      if (this.#running.get(id) !== controller) return;
      this.#running.delete(id);
      const reply = { data: frameOf(id, answer) };
      if (this.#isReleased) this.#host.reply(id, reply);
      else this.#keep(id, reply);
      this.#host.done();
    };
    const { signal } = controller;
    const answer = this.#host.app.request(client, data, { signal, outbox, number });
    if (answer instanceof Promise) void answer.then(end);
    else end(answer);
  }

  abort(id: number): void {
    if (this.#leaveElsewhere(id)) return this.#host.abort(id);
    const controller = this.#running.get(id);
    this.#running.delete(id);
    controller?.abort();
    if (controller) this.#host.done();
  }

  abortAll(): void {
    for (const id of this.#running.keys()) this.abort(id);
  }

  /** There is another link. */
  linked(): void {
    this.#sent.clear();
  }

  isRunning(id: number): boolean {
    return this.#running.has(id) || (this.#record?.elsewhere?.has(id) ?? false);
  }

  /** Another server gets the outbox: replies go there from now on. Returns the requests at work. */
  release(): number[] {
    this.#isReleased = true;
    return [...this.#running.keys()];
  }

  /** A request at another server has ended; null if nobody knows how. */
  replied(id: number, reply: Reply | null): void {
    if (!this.#leaveElsewhere(id)) return;
    if (reply) this.#keep(id, reply);
    else this.#host.send(writeDeliveryFrame({ lifeline: 'lost', id }));
  }

  /** Returns the frame with the reply to a request: undefined if there is none, null if it was sent over this link. */
  replyTo(id: number): string | Uint8Array | null | undefined {
    if (this.#sent.has(id)) return null;
    const reply = this.#record?.replies?.get(id);
    if (reply) this.#sent.add(id);
    return reply?.data;
  }

  acknowledge(ids: readonly number[]): void {
    for (const id of ids) this.#forget(id);
  }

  /** A request at another server is not waited for any more. @returns Whether it was. */
  #leaveElsewhere(id: number): boolean {
    const elsewhere = this.#record?.elsewhere;
    if (!this.#record || !elsewhere?.delete(id)) return false;
    if (elsewhere.size === 0) this.#record.elsewhere = null;
    return true;
  }

  #keep(id: number, reply: Reply): void {
    if (this.#host.send(reply.data)) this.#sent.add(id);
    if (!this.#record) return;
    const replies = (this.#record.replies ??= new Map<number, Reply>());
    replies.set(id, reply);
    this.#bytes += Buffer.byteLength(reply.data);
    for (const oldest of replies.keys()) {
      if (replies.size <= WINDOW && (this.#bytes <= WINDOW_BYTES || replies.size === 1)) return;
      this.#forget(oldest);
      this.#host.forgotten();
    }
  }

  #forget(id: number): void {
    this.#sent.delete(id);
    const replies = this.#record?.replies;
    const reply = replies?.get(id);
    if (!this.#record || !replies || !reply) return;
    this.#bytes -= Buffer.byteLength(reply.data);
    replies.delete(id);
    if (replies.size === 0) this.#record.replies = null;
  }
}

function frameOf(id: number, answer: Answer): string | Uint8Array {
  if ('reason' in answer)
    return writeDeliveryFrame({ lifeline: 'refusal', id, reason: answer.reason });
  const header = { lifeline: 'reply', id } as const;
  return answer.data === undefined ? writeDeliveryFrame(header) : withHeader(header, answer.data);
}
