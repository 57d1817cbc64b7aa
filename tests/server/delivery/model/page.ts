import {
  createConnection,
  type EventType,
  requests,
  type Request,
  type TopicConnection,
} from '../../../../src/core.ts';
import type { confirmed } from '../../../../src/delivery.ts';
import { lifeline } from '../../../../src/presence.ts';
import type { OutFrame } from '../../../../src/core/link/frame.ts';
import type { SimulatedClock } from '../../../../src/testing/simulation/clock.ts';
import { assert } from '../../../core/model/assert.ts';
import { Hearing } from './hearing.ts';
import { checkRejection, checkReply } from './outcome.ts';
import { PageClock } from './page-clock.ts';
import { type Form, FORMS, textOf } from './payloads.ts';
import type { Plan, Sent } from './sent.ts';
import type { ServerMachine } from './server.ts';
import type { Setup } from './setup.ts';
import { type ClientSocket, Link } from './wire.ts';

/** What a page needs of the world that it is in. */
export interface PageWorld {
  readonly clock: SimulatedClock;
  readonly machine: ServerMachine;
  readonly setup: Setup;
  /** Who is logged in, in this browser. */
  readonly cookie: string;
  readonly random: () => number;
  readonly links: Link[];
  /** Makes the `delivery` of a page. */
  delivery(page: Page): ReturnType<typeof confirmed>;
  /** What the reference expects is not so. */
  fails(this: void, error: unknown): void;
  /** An event has come, at which the application may do something. */
  happens(page: Page, event: string): void;
}

/** A page with a connection, and what its application has seen. */
export class Page {
  readonly number: number;
  readonly connection: TopicConnection;
  readonly clock: PageClock;
  readonly hearing: Hearing;
  /** The requests whose promises have not settled. */
  readonly open = new Set<Sent>();
  /** Why messages may have become uncertain. */
  readonly breaks: string[] = [];
  readonly listening = new Map<string, () => void>();
  link: Link | null = null;
  isGone = false;
  readonly #world: PageWorld;
  readonly #request: Request<unknown, OutFrame>;
  readonly #signals: { readonly controller: AbortController; readonly sent: Sent }[] = [];
  #scope = 'first';
  #count = 0;
  /** Whether the last link was refused, and no other attempt follows. */
  #isRefused = false;

  constructor(world: PageWorld, number: number) {
    this.#world = world;
    this.number = number;
    this.clock = new PageClock(world.clock, world.setup.pageSpeed);
    this.hearing = new Hearing(this, world.machine);
    this.connection = this.#connect();
    // First, so that it hears of an end before the requests do.
    this.#listen();
    this.#request = this.connection.extend(requests);
  }

  /** Whether a peer has lied to it, or it has lied itself. */
  get isTainted(): boolean {
    return this.#world.machine.ledger.tainted.has(this.number);
  }

  get isOpen(): boolean {
    return this.connection.getSnapshot().status === 'open';
  }

  send(form: Form, plan: Plan, expires: number | null, isWithdrawable: boolean): void {
    const { sent, frame } = this.#hand(form, plan, false);
    if (expires !== null) sent.isExpired = this.clock.after(expires);
    const signal = isWithdrawable ? this.#controllerOf(sent).signal : undefined;
    try {
      const given = { signal, ...(expires !== null && { expires }) };
      const result = this.connection.send(frame, given);
      this.#world.machine.ledger.see(result);
      if (result === 'dropped') sent.told ??= 'not sent';
    } catch (error) {
      assert(form === 'too large', `send() threw ${String(error)}`);
      sent.told = 'not sent';
    }
  }

  request(form: Form, plan: Plan, timeout: number, isWithdrawable: boolean): void {
    const { sent, frame } = this.#hand(form, plan, true);
    const signal = isWithdrawable ? this.#controllerOf(sent).signal : undefined;
    sent.isExpired = this.clock.after(timeout);
    const settle = (outcome: string) => {
      assert(sent.settled === null, `${sent.id} has settled twice`);
      sent.settled = outcome;
      sent.isAborted = true;
      this.open.delete(sent);
      this.#world.machine.ledger.see(`request: ${outcome}`);
    };
    const known = () => ({
      sent,
      isAborted: signal?.aborted === true,
      isExpired: this.#excuse(sent) !== null,
      mayLose: this.#mayLose(sent),
      honest: this.hearing.honest,
    });
    this.open.add(sent);
    const settled = this.#request(frame, { timeout, ...(signal && { signal }) }).then(
      (reply) => this.isGone || settle(checkReply(reply, known())),
      (error) => this.isGone || settle(checkRejection(error, known())),
    );
    settled.catch(this.#world.fails);
  }

  abort(which: number): void {
    const entry = this.#signals[which % Math.max(1, this.#signals.length)];
    if (!entry) return;
    entry.sent.isAborted = true;
    entry.controller.abort();
  }

  listen(topic: string): void {
    if (this.listening.has(topic)) return;
    const leave = this.connection.onTopic(topic, () => {});
    this.listening.set(topic, leave);
  }

  leave(topic: string): void {
    this.listening.get(topic)?.();
    this.listening.delete(topic);
  }

  close(): void {
    this.breaks.push('closed');
    this.connection.close();
  }

  changeScope(scope: string): void {
    if (scope === this.#scope) return;
    this.#scope = scope;
    this.breaks.push('scope');
    this.hearing.forget();
    this.connection.update({ scope });
  }

  /** The wall clock is set. */
  jump(ms: number): void {
    this.breaks.push('clock');
    this.clock.jump(ms);
  }

  /** The tab is closed, or its process ends. */
  crash(arriving: number, isTold: boolean): void {
    this.isGone = true;
    this.clock.isStopped = true;
    for (const link of this.#world.links) {
      if (link.page !== this) continue;
      link.isClientGone = true;
      link.up.cut(arriving, isTold);
    }
  }

  /** Why a message may be uncertain; null for no reason. */
  readonly #excuse = (sent: Sent): string | null => {
    if (sent.isExpired()) return 'expired';
    if (this.isTainted) return 'lies';
    // No reply can come any more to a page that was refused; its messages wait until it is let in again.
    if (sent.isRequest && this.#isRefused) return 'refused';
    return this.breaks[sent.breaks] ?? null;
  };

  /** Whether the reply to a request may be lost. */
  #mayLose(sent: Sent): boolean {
    const { machine, setup } = this.#world;
    const isKept = machine.process === sent.process && setup.sessions.ttl >= 120_000;
    return !isKept || this.#excuse(sent) !== null;
  }

  #controllerOf(sent: Sent): AbortController {
    const controller = new AbortController();
    this.#signals.push({ controller, sent });
    return controller;
  }

  /** The application hands something over. */
  #hand(form: Form, plan: Plan, isRequest: boolean): { sent: Sent; frame: OutFrame } {
    const id = `p${this.number}${isRequest ? 'r' : 'm'}${this.#count++}`;
    const payload = FORMS[form](id);
    const sent = this.#world.machine.ledger.add({
      id,
      payload,
      isRequest,
      plan,
      page: this.number,
      identity: this.hearing.identity,
      isExpired: () => false,
      isAborted: false,
      breaks: this.breaks.length,
      process: this.#world.machine.process,
    });
    const isBinary = form.startsWith('binary');
    return { sent, frame: isBinary ? new TextEncoder().encode(payload) : payload };
  }

  #connect(): TopicConnection {
    const { setup, random } = this.#world;
    const dial = (url: string) => this.#dial(url);
    return createConnection({
      url: 'ws://server.test/live',
      scope: this.#scope,
      clock: this.clock,
      random,
      signals: () => () => {},
      heartbeat: lifeline({ interval: setup.interval, timeout: 5_000 }),
      delivery: this.#world.delivery(this),
      outbox: setup.outbox,
      ...(setup.hasHandshake && {
        handshake: async ({ send, receive }) => {
          send('hello');
          // On a slow link, what is said in topics may come plainly before the session is answered.
          for (let answer; answer !== 'welcome';) answer = await receive();
        },
      }),
      // A constructor that returns an object makes that object.
      WebSocket: function construct(url: string) {
        return dial(url);
      } as never,
      topics: {
        of: (message) => /^t(.+)#/.exec(textOf(message))?.[1],
        subscribe: (topics) => topics.map((topic) => `sub ${topic}`),
        unsubscribe: (topics) => topics.map((topic) => `unsub ${topic}`),
      },
    });
  }

  #dial(url: string): ClientSocket {
    const { clock, links, machine, cookie } = this.#world;
    const link = new Link(clock, url, links.length, this);
    links.push(link);
    this.link = link;
    this.hearing.dials(link);
    link.inPage = (happens) => this.clock.run(happens);
    clock.later(5, () => {
      if (link.client.readyState === 0 && !link.isClientGone && !link.up.isCut)
        machine.dials(link, cookie);
    });
    return link.client;
  }

  #listen(): void {
    const { connection, hearing } = this;
    const { machine, links } = this.#world;
    const { ledger } = machine;
    /** Calls something when an event comes, unless the page is gone. */
    const on = (type: EventType, handle: (...args: never[]) => void) =>
      connection.on(type, (...args: unknown[]) => {
        if (this.isGone) return;
        handle(...(args as never[]));
        this.#world.happens(this, type);
      });
    const tell =
      (told: 'confirm' | 'uncertain' | 'drop' | 'failed') => (messages: readonly unknown[]) =>
        ledger.tell(messages.map(textOf), told, links.length, this.#excuse);
    on('confirm', tell('confirm'));
    on('uncertain', tell('uncertain'));
    on('drop', (messages: unknown[], reason: string) => {
      ledger.see(`drop: ${reason}`);
      tell('drop')(messages);
    });
    on('failed', (message: unknown, reason: string | null) => {
      const { plan, id, payload } = ledger.find(textOf(message));
      // One that took too long has no reason.
      if (plan.does === 'refuses' && !payload.startsWith('!') && reason !== null)
        hearing.honest(reason === `no: ${id}`, `was told that ${id} has failed with ${reason}`);
      tell('failed')([message]);
    });
    on('message', (message: unknown) => hearing.message(textOf(message)));
    on('gap', ([topic = '']: string[]) => ledger.see(`gap: ${hearing.gap(topic)}`));
    on('error', ({ message }: Error) =>
      hearing.honest(/too large|has \d+ bytes/.test(message), `was told: ${message}`),
    );
    on('close', (_cause: unknown, isFinal: boolean) => {
      this.#isRefused = isFinal;
      hearing.ended();
    });
    on('open', () => {});
  }
}
