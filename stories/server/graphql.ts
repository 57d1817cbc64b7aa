import { firstPrice } from './prices.ts';

/** Milliseconds until a login is answered, and between two prices. */
const PACE = { login: 400, price: 600 };
/** The close codes of the protocol. */
const CLOSE = { invalid: 4400, unauthorized: 4401, forbidden: 4403 };

interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: { readonly token?: string; readonly query?: string };
}

/** Speaks graphql-transport-ws with one client: a login that it answers, subscriptions to prices, and pings. */
export class Graphql {
  readonly #send: (frame: string) => void;
  readonly #close: (code: number) => void;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #isWelcome = false;

  constructor(send: (frame: string) => void, close: (code: number) => void) {
    this.#send = send;
    this.#close = close;
  }

  receive(frame: string): void {
    const message = parse(frame);
    if (!message) return this.#close(CLOSE.invalid);
    const { type, id = '', payload } = message;
    if (type === 'ping') this.#say({ type: 'pong' });
    else if (type === 'connection_init') this.#logIn(payload?.token);
    else if (!this.#isWelcome) this.#close(CLOSE.unauthorized);
    else if (type === 'subscribe') this.#tellPrices(id, payload?.query ?? '');
    else if (type === 'complete') this.#stop(id);
  }

  /** Ends all timers. */
  end(): void {
    for (const id of this.#timers.keys()) this.#stop(id);
  }

  #logIn(token: string | undefined): void {
    if (token !== 'good') return this.#close(CLOSE.forbidden);
    const welcome = () => {
      this.#isWelcome = true;
      this.#say({ type: 'connection_ack' });
    };
    this.#timers.set('', setTimeout(welcome, PACE.login));
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
    clearTimeout(this.#timers.get(id));
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
