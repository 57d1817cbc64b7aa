import { assert } from '../../../core/model/assert.ts';
import { HeardTopic } from './heard.ts';
import type { ServerMachine } from './server.ts';
import type { Link } from './wire.ts';

type Words = Readonly<Record<string, unknown>>;

/** Within this time in milliseconds, a second link that takes the session over brings another outbox. */
const REPLACED_PERIOD = 60_000;

/** The page whose links these are. */
interface HearingPage {
  readonly number: number;
  readonly isOpen: boolean;
  readonly isTainted: boolean;
  readonly clock: { now(): number };
  readonly link: Link | null;
  /** Why messages may have become uncertain. */
  readonly breaks: string[];
}

/** What the frames of the server tell a page: of its session, and where it stands in topics. */
export class Hearing {
  /** The identity that the last answer of the server has named. */
  identity: string | undefined;
  readonly #page: HearingPage;
  readonly #machine: ServerMachine;
  readonly #topics = new Map<string, HeardTopic>();
  /** When the last answer began a session: which process it was, and how many sessions had been lost. */
  #session: { readonly process: number; readonly lost: number } | null = null;
  /** Whether the session of this link came so late that the server took it for a plain one. */
  #isLate = false;
  /** Positions that wait for the link to be open. */
  #held: Words[] | null = null;
  /** What was said in topics and came without a header, before the session was answered. */
  readonly #plain = new Set<string>();
  /** The gap that the last frame has told of. */
  #gap: Words | null = null;
  #replacedAt = -Infinity;

  constructor(page: HearingPage, machine: ServerMachine) {
    this.#page = page;
    this.#machine = machine;
  }

  /** Something must be so, if nobody has lied. */
  readonly honest = (holds: boolean, what: string): void =>
    assert(holds || this.#page.isTainted, `page ${this.#page.number} ${what}`);

  /** What the page has heard of a topic, by the name that the server has for it. */
  of(key: string): HeardTopic {
    let heard = this.#topics.get(key);
    if (!heard) {
      heard = new HeardTopic(this.#machine.topic(key), this.#page.number);
      this.#topics.set(key, heard);
    }
    return heard;
  }

  /** The page dials. */
  dials(link: Link): void {
    this.#held = [];
    this.#plain.clear();
    link.onFrame = (frame) => this.#page.link === link && this.#reads(frame);
    link.onClose = (code) => this.#page.link === link && this.#closes(code);
  }

  /** The link has ended. */
  ended(): void {
    this.#held = null;
  }

  /** The application got a message. */
  message(text: string): void {
    this.honest(text.includes('#'), `got ${text}`);
    if (!this.#page.isTainted)
      this.of(text.slice(0, text.indexOf('#'))).hears(text, this.#plain.delete(text));
  }

  /** The application was told of a gap. Returns why. */
  gap(topic: string): string {
    const heard = this.of(this.#keyOf(topic));
    const why = heard.whyGap(this.#machine) ?? (this.#isLate ? 'the session came late' : null);
    this.honest(why !== null, `was told of a gap in '${topic}' without a reason`);
    heard.point = null;
    if (this.#gap) heard.isAt(this.#gap as never);
    return why ?? 'lies';
  }

  /** What was held is with the application as soon as the link is open. */
  settle(): void {
    if (!this.#held || !this.#page.isOpen) return;
    const epochs = new Map<unknown, unknown>();
    for (const word of this.#held) {
      const { topic, epoch = epochs.get(topic) } = word;
      const heard = this.of(this.#keyOf(String(topic)));
      epochs.set(topic, epoch);
      if (word.lifeline === 'unsubscribed') heard.point = null;
      else if (epoch !== undefined) heard.isAt({ ...word, epoch } as never);
    }
    this.#held = null;
  }

  /** The page has another scope, or another identity. */
  forget(): void {
    this.identity = undefined;
    for (const heard of this.#topics.values()) heard.point = null;
  }

  /** A frame is about to reach the page. */
  #reads(frame: string): void {
    if (!frame.startsWith('{"lifeline":')) return void this.#plain.add(frame);
    const end = frame.indexOf('\n');
    const isOurs = !this.#page.isTainted || frame.startsWith('{"lifeline":"session"');
    if (isOurs) this.#obeys(JSON.parse(end < 0 ? frame : frame.slice(0, end)) as Words);
  }

  #obeys(word: Words): void {
    switch (word.lifeline) {
      case 'session':
        return this.#begins(word);
      case 'position':
      case 'gap':
      case 'unsubscribed':
      case 'topic': {
        if (this.#held && !this.#page.isOpen) return void this.#held.push(word);
        const heard = this.of(this.#keyOf(String(word.topic)));
        this.#gap = word.lifeline === 'gap' ? word : null;
        if (word.lifeline === 'unsubscribed') heard.point = null;
        if (word.lifeline === 'position') heard.passes(word as never);
      }
    }
  }

  #begins({ id, known }: Words): void {
    const process = this.#page.link?.process ?? 0;
    const { lostSessions } = this.#machine;
    this.#isLate = performance.now() - (this.#page.link?.acceptedAt ?? 0) >= 1_000;
    if (this.identity !== undefined && id !== this.identity) {
      this.#page.breaks.push('identity');
      this.forget();
    } else if (this.#session && !known) {
      const why = this.#whyUnknown(process, this.#session);
      this.honest(why !== null, 'is not known any more');
      this.#page.breaks.push(why ?? 'lies');
    }
    this.identity = id as string | undefined;
    this.#session = { process, lost: lostSessions };
  }

  /** Why the server may have forgotten the session; null for no reason. */
  #whyUnknown(process: number, before: { readonly process: number; readonly lost: number }) {
    const { keepsSessions, lostSessions } = this.#machine;
    const { breaks } = this.#page;
    if (!keepsSessions && before.process !== process) return 'restarted';
    if (lostSessions > before.lost) return 'forgotten';
    return breaks.includes('replaced twice') || breaks.includes('scope') ? 'another outbox' : null;
  }

  #closes(code: number): void {
    this.honest(code !== 4400, 'is closed with 4400');
    if (code !== 4409) return;
    const now = this.#page.clock.now();
    if (now - this.#replacedAt <= REPLACED_PERIOD) this.#page.breaks.push('replaced twice');
    this.#replacedAt = now;
  }

  #keyOf(topic: string): string {
    return topic === '' ? `i${this.identity}` : `t${topic}`;
  }
}
