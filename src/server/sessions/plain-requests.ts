import { LIFELINE } from '../../core/protocol/frames.ts';
import type { AnyIdentity, ServerClient } from '../clients/client.ts';
import { WINDOW } from '../limits/delivery.ts';
import { cutFrame } from '../messages/payload.ts';
import { writeDeliveryFrame } from '../protocol/delivery-frames.ts';
import { readDeliveryWord } from '../protocol/delivery-words.ts';
import { type Answer, NOT_COUNTED, type SessionApp } from './app.ts';
import { Requests } from './requests.ts';

const REQUEST = `${LIFELINE}"request"`;
const ABORT = `${LIFELINE}"abort"`;

/** The requests of clients without a session. They end with their connection. */
export class PlainRequests {
  readonly #app: SessionApp;
  readonly #requests = new WeakMap<ServerClient<AnyIdentity>, Requests>();

  constructor(app: SessionApp) {
    this.#app = { ...app, request: (...request) => asText(app, app.request(...request)) };
  }

  /** @returns Whether it was a frame about requests. */
  handle(client: ServerClient<AnyIdentity>, text: string): boolean {
    if (!text.startsWith(REQUEST) && !text.startsWith(ABORT)) return false;
    const { header = '', payload } = cutFrame(text) ?? {};
    const word = readDeliveryWord(header);
    if (word?.lifeline === 'abort') this.#requests.get(client)?.abort(word.id);
    else if (word?.lifeline !== 'request' || payload === undefined) return false;
    else this.#begin(client, word.id, payload);
    return true;
  }

  /** A client is gone. */
  ended(client: ServerClient<AnyIdentity>): void {
    this.#requests.get(client)?.abortAll();
  }

  #begin(client: ServerClient<AnyIdentity>, id: number, payload: string | Buffer): void {
    const requests = this.#requests.get(client) ?? this.#create(client);
    if (!requests.has(id) && requests.running < WINDOW)
      return requests.begin(client, id, payload, NOT_COUNTED);
    const reason = 'There are too many requests at work, or one with this id.';
    client.sendFrame(writeDeliveryFrame({ lifeline: 'refusal', id, reason }));
  }

  #create(client: ServerClient<AnyIdentity>): Requests {
    const ignore = () => {};
    const requests = new Requests(
      {
        app: this.#app,
        send(data) {
          client.sendData(data, false);
          return true;
        },
        done: ignore,
        reply: ignore,
        abort: ignore,
        forgotten: ignore,
      },
      null,
    );
    this.#requests.set(client, requests);
    return requests;
  }
}

/** Binary data that begins like a frame of ours is a message to a client without a session, so it gets only text. */
function asText(app: SessionApp, answer: Answer | Promise<Answer>): Answer | Promise<Answer> {
  if (answer instanceof Promise) return answer.then((settled) => asText(app, settled));
  if ('reason' in answer || !(answer.data instanceof Uint8Array)) return answer;
  app.report(new TypeError('A reply to a client without a session must be text, not binary data.'));
  return { reason: null };
}
