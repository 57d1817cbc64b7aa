import { Feed } from './feed.ts';
import { Graphql } from './graphql.ts';
import type { Link } from './link.ts';
import { Prices } from './prices.ts';
import { Tracker } from './tracker.ts';
import type { ServerWord } from './words.ts';

/** How long the server keeps a cut connection by default, in seconds: longer than any story lasts. */
const CUT_FOR = 120;

/** A client of the demo server. */
export class Client {
  readonly name: string;
  readonly link: Link;
  /** Whether its pings are left unanswered. */
  muted = false;
  /** Whether its binary frames are edits of the shared text. */
  edits = false;
  /** The prices that it gets. */
  readonly prices: Prices = new Prices((word) => this.tell(word));
  /** The vehicle positions that it gets. */
  readonly tracker: Tracker = new Tracker((word) => this.tell(word));
  /** Its protocol, if it is not that of the demo. */
  readonly graphql: Graphql | undefined;
  readonly #feed: Feed | undefined;
  /** The clients whose cables this one has cut. */
  #victims: readonly Client[] = [];
  #cut: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param perSecond - It gets so many prices a second as plain text, and no words of the demo.
   * @param isGraphql - It speaks graphql-transport-ws, and gets no words of the demo either.
   */
  constructor(name: string, link: Link, perSecond = 0, isGraphql = false) {
    this.name = name;
    this.link = link;
    if (isGraphql)
      this.graphql = new Graphql(
        (frame) => this.send(frame),
        (code, reason) => link.close(code, reason),
        () => this.muted,
      );
    if (perSecond > 0) this.#feed = new Feed(perSecond, (text) => this.send(text));
  }

  tell(word: ServerWord): void {
    if (!this.#feed && !this.graphql) this.send(JSON.stringify(word));
  }

  send(frame: string | Uint8Array): void {
    if (!this.isCut) this.link.send(frame);
  }

  /** Whether no frame goes in or out any more. */
  get isCut(): boolean {
    return this.#cut !== undefined;
  }

  /** No frame goes in or out any more, not even a close frame. The link ends after so many seconds. */
  cut(seconds: number = CUT_FOR): void {
    this.stop();
    this.link.stopReading();
    this.#cut = setTimeout(() => this.link.drop(), seconds * 1000);
  }

  /** Cuts the cables of others, whose links end with this one. */
  cutOthers(others: readonly Client[]): void {
    this.#victims = others;
    for (const other of others) other.cut();
  }

  /** Ends all timers, and the links that it has cut. */
  stop(): void {
    for (const { link } of this.#victims) link.drop();
    clearTimeout(this.#cut);
    this.#feed?.close();
    this.graphql?.end();
    this.prices.close();
    this.tracker.close();
  }
}
