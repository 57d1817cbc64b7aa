import { confirmed } from '../../../../src/delivery.ts';
import { SimulatedClock } from '../../../../src/testing/simulation/clock.ts';
import { takeReports } from '../../../support/reports.ts';
import { seededRandom } from '../../../support/random.ts';
import { assert } from '../../../core/model/assert.ts';
import type { Lie } from './hostile.ts';
import { Page, type PageWorld } from './page.ts';
import { textOf } from './payloads.ts';
import { ServerMachine } from './server.ts';
import type { Setup } from './setup.ts';
import type { Call, Step } from './steps.ts';
import { ServerTime } from './timers.ts';
import { Link } from './wire.ts';

/** How often `Promise.resolve()` is awaited, so that chains of settled promises come to their end. */
const TURNS = 24;

/** How long everything may take to be settled when all works again, in milliseconds. */
const RECOVERY = 3_600_000;

/** What a handler of the application throws. */
class PlannedError extends Error {}

/** Two pages of one browser, a server and its stores, and the network between them. */
export class World implements PageWorld {
  readonly clock = new SimulatedClock();
  readonly machine: ServerMachine;
  readonly setup: Setup;
  readonly links: Link[] = [];
  readonly random = seededRandom(7);
  readonly pages: Page[] = [];
  cookie = 'ada';
  readonly #tabs: [Page, Page];
  #isOpening = false;
  readonly #planned: { page: Page; event: string; call: Call }[] = [];
  readonly #uninstall: () => void;
  #failure: unknown;

  readonly fails = (error: unknown): void => {
    this.#failure ??= error;
  };

  constructor(setup: Setup, seen: Record<string, number>) {
    this.setup = setup;
    const time = new ServerTime(this.clock);
    time.speed = setup.serverSpeed;
    this.#uninstall = time.install();
    this.machine = new ServerMachine(setup, this.clock, time, seen, this.fails);
    this.machine.start();
    this.#tabs = [this.#opensPage(), this.#opensPage()];
  }

  /** Here a page would get the store of its tab, if its outbox outlived it. */
  delivery(): ReturnType<typeof confirmed> {
    return confirmed();
  }

  async take(step: Step | Lie): Promise<void> {
    if ('advance' in step) return this.pass(step.advance);
    if ('lie' in step) this.#lies(step);
    else this.#do(step);
    await this.#settle();
  }

  /** All works again: then all comes to its end. */
  async recover(): Promise<void> {
    const { machine } = this;
    this.#planned.length = 0;
    for (const { clock } of this.#tabs) clock.thaw();
    for (const link of this.links) link.recovers();
    machine.start();
    for (let waited = 0; !this.#isQuiet(); waited += 1_000) {
      const left = this.#tabs.flatMap(({ connection, open }) => [
        connection.getSnapshot().status,
        ...connection.outbox.map(({ message }) => textOf(message)),
        ...[...open].map(({ id }) => id),
      ]);
      assert(waited < RECOVERY, `it has not come to its end: ${left.join()}`);
      for (const { connection } of this.#tabs)
        if (['idle', 'closed'].includes(connection.getSnapshot().status)) connection.open();
      machine.start();
      await this.pass(1_000);
    }
    await this.pass(200);
    for (const page of this.#tabs) page.hearing.settle();
    for (const key of ['tgold', 'tiron', 'iada', 'ibob']) machine.say(key, null);
    // An older link that wakes may take the session over once more: its page comes back, and the history has its time.
    await this.pass(5_000);
    for (let waited = 0; !this.#isQuiet() && waited < RECOVERY; waited += 1_000)
      await this.pass(1_000);
    await this.pass(1_000);
    for (const page of this.#tabs) {
      if (!page.isOpen || page.isTainted) continue;
      const keys = [...page.listening.keys()].map((topic) => `t${topic}`);
      for (const key of [...keys, `i${page.hearing.identity}`]) page.hearing.of(key).isComplete();
    }
    for (const { told, id, page, settled } of machine.ledger.all.values())
      assert(
        told !== null || settled === 'withdrawn' || this.pages[page]?.isGone === true,
        `nobody was told of ${id}`,
      );
  }

  /** Everything is closed. */
  async end(): Promise<void> {
    for (const page of this.#tabs) page.close();
    await this.pass(1_000);
    const { server } = this.machine;
    let isClosed = !server;
    void server?.close().then(() => (isClosed = true));
    for (let waited = 0; !isClosed; waited += 1_000) {
      assert(waited < 70_000, 'the server does not close');
      await this.pass(1_000);
    }
    const { pending } = this.machine.time;
    // The handler of an outbox whose counts differed may still run: nobody waits for it.
    assert(pending === 0 || this.machine.ledger.tainted.size > 0, `${pending} timers are left`);
  }

  dispose(): void {
    this.#uninstall();
  }

  happens(page: Page, event: string): void {
    const at = this.#planned.findIndex((plan) => plan.page === page && plan.event === event);
    const [plan] = at < 0 ? [] : this.#planned.splice(at, 1);
    const before = this.#isOpening;
    this.#isOpening ||= event === 'open';
    // What is sent in a handler of `open`, or in a handler that it causes, has no number.
    if (plan && !(this.#isOpening && plan.call.call.startsWith('send')))
      this.#call(page, plan.call, true);
    this.#isOpening = before;
  }

  async pass(ms: number): Promise<void> {
    const end = this.clock.now() + ms;
    do await this.#settle();
    while (this.clock.step(end));
  }

  async #settle(): Promise<void> {
    for (let turn = 0; turn < TURNS; turn++) await Promise.resolve();
    for (const page of this.#tabs) page.hearing.settle();
    // What fails in a handler is reported by the library, which goes on.
    const reports = takeReports().filter((report) => !(report instanceof PlannedError));
    const [failure = this.#failure] = reports;
    if (failure) throw failure;
  }

  #isQuiet(): boolean {
    return this.#tabs.every(
      ({ connection, open, isOpen }) => isOpen && connection.outbox.length === 0 && open.size === 0,
    );
  }

  #opensPage(): Page {
    const page = new Page(this, this.pages.length);
    this.pages.push(page);
    page.connection.open();
    page.listen('gold');
    return page;
  }

  #linkOf(tab: number, age: number): Link | undefined {
    const page = this.#tabs[tab];
    const links = this.links.filter((link) => link.page === page);
    return links.at(-1 - age);
  }

  #lies(step: Lie): void {
    const page = this.#tabs[step.tab] as Page;
    const { link } = page;
    if (!link) return;
    if (step.lie === 'of a stranger') return this.#stranger(link, step);
    if (link.client.readyState !== 1) return;
    this.machine.ledger.tainted.add(page.number);
    if (step.lie === 'of the page') link.client.send(step.frame);
    else link.server.send(step.frame, { binary: false });
  }

  /** Somebody else begins the session of a page. Nothing may reach them, and the page must not notice. */
  #stranger({ session }: Link, { token, frames }: Extract<Lie, { lie: 'of a stranger' }>): void {
    const { outbox = '0'.repeat(32) } = JSON.parse(session ?? '{}') as { outbox?: string };
    const link = new Link(this.clock, 'ws://server.test/live', -1, this);
    link.onFrame = (frame) => {
      if (/p\d+[mr]\d|#\d/.test(frame)) this.fails(new Error(`a stranger has heard ${frame}`));
    };
    const told = { lifeline: 'positions', topics: [['gold', 'kept-tgold', 0]] };
    const words = { lifeline: 'session', outbox, token, next: 1 };
    link.client.addEventListener('open', () => {
      for (const frame of [JSON.stringify(told), JSON.stringify(words)]) link.client.send(frame);
      // The answer has come.
      this.clock.later(50, () => {
        if (link.client.readyState === 1) for (const frame of frames) link.client.send(frame);
      });
      this.clock.later(3_000, () => link.client.close());
    });
    this.machine.dials(link, 'mallory');
  }

  #do(step: Exclude<Step, { advance: number }>): void {
    if ('call' in step) {
      const page = this.#tabs[step.tab] as Page;
      // A frozen page does nothing.
      return page.clock.isFrozen ? undefined : this.#call(page, step);
    }
    if ('on' in step)
      return void this.#planned.push({
        page: this.#tabs[step.tab] as Page,
        event: step.on,
        call: step.do,
      });
    if ('login' in step) return void (this.cookie = step.login);
    if ('server' in step) return this.#serverDoes(step);
    if ('page' in step) {
      const page = this.#tabs[step.tab] as Page;
      if (step.page === 'jump') return page.jump(step.ms);
      if (step.page === 'freezes') return page.clock.freeze();
      if (step.page === 'goes on') return page.clock.thaw();
      page.crash(step.arriving, step.told);
      this.#tabs[step.tab] = this.#opensPage();
      return;
    }
    const link = this.#linkOf(step.tab, 'age' in step ? step.age : 0);
    if (!link) return;
    switch (step.link) {
      case 'cut':
        link.up.cut(step.up, step.tells === 'server' || step.tells === 'both');
        return link.down.cut(step.down, step.tells === 'page' || step.tells === 'both');
      case 'latency':
        link.up.latency = link.down.latency = step.ms;
        return;
      case 'resumes':
        link.up.resumes();
        return link.down.resumes();
      default:
        if (step.link !== 'stalls down') link.up.stalls();
        if (step.link !== 'stalls up') link.down.stalls();
    }
  }

  #serverDoes(step: Extract<Step, { server: string }>): void {
    const { machine } = this;
    switch (step.server) {
      case 'says': {
        const except = step.except === null ? null : (this.#tabs[step.except] as Page);
        const link = except?.link ?? undefined;
        const isExcepted = step.topic.startsWith('t') && !!machine.clientOf(link ?? null);
        for (let n = 0; n < step.count; n++)
          machine.say(
            step.topic,
            isExcepted ? (except?.number ?? null) : null,
            isExcepted ? link : undefined,
          );
        return;
      }
      case 'kill':
        return machine.kill(step.arriving, step.told);
      case 'start':
        return machine.start();
      case 'restart':
        return machine.restart(step.drain);
      case 'disconnect': {
        const client = machine.clientOf(this.#tabs[step.tab]?.link ?? null);
        return client?.close(step.code, 'bye');
      }
      case 'subscribes':
      case 'unsubscribes': {
        const page = this.#tabs[step.tab] as Page;
        const client = machine.clientOf(page.link);
        if (!client) return;
        if (step.server === 'unsubscribes') return machine.server?.unsubscribe(client, step.topic);
        if (!step.replay) page.hearing.of(`t${step.topic}`).isBarred = true;
        machine.server?.subscribe(client, step.topic, { replay: step.replay });
      }
    }
  }

  #call(page: Page, call: Call, isInHandler = false): void {
    switch (call.call) {
      case 'send':
        return page.send(call.form, call.plan, call.expires, call.signal);
      case 'send many':
        for (let n = 0; n < call.count; n++)
          page.send('plain', { does: 'takes', after: 0 }, null, false);
        return;
      case 'request':
        return page.request(call.form, call.plan, call.timeout, call.signal);
      case 'abort':
        return page.abort(call.which);
      case 'listen':
        return page.listen(call.topic);
      case 'leave':
        return page.leave(call.topic);
      case 'scope':
        return page.changeScope(call.scope);
      case 'throw':
        if (isInHandler) throw new PlannedError('in a handler');
        return;
      case 'close':
        return page.close();
      default:
        page.connection[call.call]();
    }
  }
}
