import type { Link } from './link.ts';
import { type Delays, SlowLine } from './slow-line.ts';
import { Stall } from './stall.ts';
import { Tracker } from './tracker.ts';
import type { ServerWord } from './words.ts';

/** How long the server keeps a connection whose cable was cut: longer than anybody waits for it in a story. */
const CUT_FOR = 120_000;

/** One connection, as the server sees it. */
export class Client {
  readonly name: string;
  readonly link: Link;
  /** Answers no pings. */
  muted = false;
  /** Its binary frames are about the text that its room shares. */
  edits = false;
  /** Where it gets its prices. */
  readonly stall: Stall = new Stall((word) => this.tell(word));
  /** Where it gets the positions of vehicles. */
  readonly tracker: Tracker = new Tracker((word) => this.tell(word));
  readonly #in = new SlowLine();
  readonly #out = new SlowLine();
  #cut: ReturnType<typeof setTimeout> | undefined;

  constructor(name: string, link: Link) {
    this.name = name;
    this.link = link;
  }

  tell(word: ServerWord): void {
    this.send(JSON.stringify(word));
  }

  send(frame: string | Uint8Array): void {
    if (!this.#cut) this.#out.pass(() => this.link.send(frame));
  }

  /** A frame of it has arrived; what to do with it waits for the delays of its line. */
  hear(act: () => void): void {
    if (!this.#cut) this.#in.pass(act);
  }

  /** A slow network, in both directions. */
  slow(delays: Delays): void {
    this.#in.delays = delays;
    this.#out.delays = delays;
  }

  /** Nothing goes in or out any more, not even a goodbye. */
  cut(): void {
    this.rest();
    this.link.deafen();
    this.#cut = setTimeout(() => this.link.drop(), CUT_FOR);
  }

  /** Ends whatever goes on by itself. */
  rest(): void {
    clearTimeout(this.#cut);
    this.stall.close();
    this.tracker.close();
    this.#in.cut();
    this.#out.cut();
  }
}
