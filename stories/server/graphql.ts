import { firstPrice } from './prices.ts';
import { MAX_TOPICS } from './words.ts';

/** Milliseconds until a login is answered, and between two prices. */
const PACE = { login: 400, price: 600 };
/** The close codes of the protocol, and what is said with them. */
const CLOSE = {
  invalid: [4400, 'invalid message'],
  unauthorized: [4401, 'no login'],
  forbidden: [4403, 'bad token'],
  subscribedAlready: [4409, 'subscribed already'],
  tooManyLogins: [4429, 'too many logins'],
} as const;

/** A message of a client, who may write anything. */
interface Message {
  readonly type?: unknown;
  readonly id?: unknown;
  readonly payload?: { readonly token?: unknown; readonly query?: unknown } | null;
}

/** Speaks graphql-transport-ws with one client: a login that it answers, subscriptions to prices, and pings. */
export class Graphql {
  readonly #send: (frame: string) => void;
  readonly #end: (code: number, reason: string) => void;
  readonly #isMuted: () => boolean;
  /** The subscriptions, by id. */
  readonly #timers = new Map<string, ReturnType<typeof setInterval>>();
  #login: ReturnType<typeof setTimeout> | undefined;
  #isWelcome = false;

  /** @param isMuted - Whether pings are left unanswered now. */
  constructor(
    send: (frame: string) => void,
    end: (code: number, reason: string) => void,
    isMuted: () => boolean,
  ) {
    this.#send = send;
    this.#end = end;
    this.#isMuted = isMuted;
  }

  receive(frame: string): void {
    const message = parse(frame);
    if (!message) return this.#close('invalid');
    const { type, id, payload } = message;
    if (type === 'pong') return;
    if (type === 'ping') return this.#answer();
    if (type === 'connection_init') return this.#logIn(payload?.token);
    if (!this.#isWelcome) return this.#close('unauthorized');
    if (typeof id !== 'string') return this.#close('invalid');
    if (type === 'subscribe') this.#subscribe(id, payload?.query);
    else if (type === 'complete') this.#stop(id);
  }

  /** Ends all timers. */
  end(): void {
    clearTimeout(this.#login);
    for (const id of this.#timers.keys()) this.#stop(id);
  }

  #answer(): void {
    if (!this.#isMuted()) this.#say({ type: 'pong' });
  }

  #logIn(token: unknown): void {
    if (this.#login) return this.#close('tooManyLogins');
    if (token !== 'good') return this.#close('forbidden');
    const welcome = () => {
      this.#isWelcome = true;
      this.#say({ type: 'connection_ack' });
    };
    this.#login = setTimeout(welcome, PACE.login);
  }

  #close(why: keyof typeof CLOSE): void {
    const [code, reason] = CLOSE[why];
    this.#end(code, reason);
  }

  #subscribe(id: string, query: unknown): void {
    if (typeof query !== 'string') return this.#close('invalid');
    if (this.#timers.has(id)) return this.#close('subscribedAlready');
    if (this.#timers.size < MAX_TOPICS) return this.#tellPrices(id, query);
    const payload = [{ message: `At most ${MAX_TOPICS} subscriptions.` }];
    this.#say({ type: 'error', id, payload });
  }

  #tellPrices(id: string, query: string): void {
    let price = firstPrice(query);
    const tell = () => {
      price += Math.round((Math.random() - 0.5) * 100) / 100;
      this.#say({ type: 'next', id, payload: { data: { price } } });
    };
    tell();
    this.#timers.set(id, setInterval(tell, PACE.price));
  }

  #stop(id: string): void {
    clearInterval(this.#timers.get(id));
    this.#timers.delete(id);
  }

  #say(message: object): void {
    this.#send(JSON.stringify(message));
  }
}

function parse(frame: string): Message | null {
  try {
    return JSON.parse(frame) as Message | null;
  } catch {
    return null;
  }
}
