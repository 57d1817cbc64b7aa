import type { Signal, Status } from '../../../src/core.ts';
import { elsewhere } from '../../support/simulation/clock.ts';
import type { SimulatedSocket } from '../../support/simulation/socket.ts';
import { settle } from '../../support/simulation/world.ts';
import { App } from './app.ts';
import { assert } from './assert.ts';
import { Expected } from './expected.ts';
import { topicOf } from './incoming.ts';
import { isOver, Laws, takes } from './laws.ts';
import { CONNECT_TIMEOUT, type Setup } from './setup.ts';
import type { ServerStep, Step, Wish } from './steps.ts';

/** Longer than any wait and any attempt. */
const RECOVERY = 4 * 15_250 + 2 * CONNECT_TIMEOUT;
/** Longer than any linger, handshake and closeTimeout. */
const ENDING = 10_000;

/** The life of one connection beside the model of what must become of it. */
export class History {
  readonly #app: App;
  readonly #model: Expected;
  readonly #laws: Laws;

  constructor(setup: Setup) {
    this.#app = new App(setup);
    const { clock, network } = this.#app.world;
    this.#model = new Expected(setup, clock);
    this.#model.onEvent = (type) => this.#mirror(type);
    this.#laws = new Laws(this.#app, this.#model, setup);
    this.#app.onVerdict = () => this.#laws.checkVerdict();
    this.#app.isOverdue = () => this.#model.due <= clock.now();
    network.afterEvent = (socket, type, event) => {
      this.#learn();
      if (socket === this.#socket) this.#arrived(this.#socket, type, event);
    };
  }

  get status(): Status {
    return this.#app.world.connection.getSnapshot().status;
  }

  /** What has come to pass that does not in every history. */
  get seen(): ReadonlySet<string> {
    return this.#app.seen;
  }

  /** The socket in use, as far as the model has come. */
  get #socket() {
    const { sockets, hasSocket } = this.#model;
    return hasSocket ? this.#app.world.network.sockets[sockets - 1] : undefined;
  }

  /** Takes a step and checks everything. */
  async take(step: Step): Promise<void> {
    if ('pass' in step) return this.#pass(step.pass);
    if ('holdUp' in step) return this.#holdUp(step);
    if ('freeze' in step) return this.#freeze(step);
    this.#do(step);
    await this.#follow();
  }

  /** Nobody wants it any more: nothing may be left. */
  async end(by: 'release' | 'close'): Promise<void> {
    for (const plan of [this.#app.plan, this.#app.planOfModel]) plan.clear();
    await this.take({ hidden: 0 });
    for (const topic of this.#model.topics.wanted)
      while (this.#model.topics.listeners(topic) > 0) await this.take({ wish: 'leave', topic });
    if (by === 'close' || this.#model.held) await this.take({ wish: 'close' });
    if (by === 'release') while (this.#model.holders > 0) await this.take({ wish: 'release' });
    await this.#pass(ENDING);

    this.#laws.checkEnd();
  }

  /** Nothing is wrong any more: what wants to be open gets there. */
  async recover(): Promise<void> {
    const { network, connection } = this.#app.world;
    const model = this.#model;
    await this.take({ hidden: 0 });
    await this.take({ dialling: 'works' });
    await this.take({ answer: 'ws://a.test/live' });
    if (model.phase === 'parked') await this.take({ signal: 'pageshow' });
    // An attempt that is under way may have been lost already without a word.
    for (let passed = 0; model.isLive && model.phase !== 'open'; passed += 1_000) {
      assert(passed < RECOVERY, `is still ${connection.getSnapshot().status} after ${passed} ms`);
      if (network.sockets.at(-1)?.readyState === 0) await this.take({ server: 'accepts' });
      await this.#pass(1_000);
    }
  }

  // ── What happens, to the connection and to the model.

  #do(step: Exclude<Step, { pass: number } | { holdUp: number } | { freeze: number }>): void {
    const { clock, network } = this.#app.world;
    const model = this.#model;
    if ('wish' in step) this.#wish(step);
    else if ('on' in step) {
      this.#app.plan.set(step.on, step.do);
      this.#app.planOfModel.set(step.on, step.do);
    } else if ('throws' in step) this.#app.mishaps.arm(step.throws);
    else if ('server' in step) this.#serve(step);
    else if ('buffer' in step) {
      if (this.#socket?.readyState === 1) network.server.drainsTo(step.buffer);
      this.#app.quietSince = clock.now();
    } else if ('older' in step) {
      const { server } = network.sockets.slice(0, -1).at(-1 - step.older) ?? {};
      if (step.does === 'sends') server?.sends('stale');
      else server?.[step.does]();
    } else if ('sleep' in step) {
      clock.sleep(step.sleep);
      if (step.sleep > 0) this.#app.jumpsSinceHint++;
      this.#signal('visible');
    } else if ('jump' in step) {
      clock.jump(step.jump);
      if (step.jump > 0) this.#app.jumpsSinceHint++;
    } else if ('hidden' in step) {
      clock.throttlesTimers(step.hidden);
      this.#app.quietSince = clock.now();
      if (step.hidden === 0) this.#signal('visible');
    } else if ('signal' in step) this.#signal(step.signal);
    else if ('dialling' in step) {
      model.dialling = step.dialling;
      const error = step.dialling === 'throws' ? new DOMException('no', 'SyntaxError') : null;
      network.constructorThrows(error);
      if (step.dialling === 'is blocked') network.isBlocked();
      else network.answersNone();
    } else this.#app.answer = step.answer;
  }

  /** Time passes, from one thing that is due to the next. */
  async #pass(ms: number): Promise<void> {
    const { clock, network } = this.#app.world;
    const until = clock.now() + ms;
    do {
      const due = Math.min(clock.nextDue(), this.#model.nextDue);
      clock.advance(Math.min(until, Math.max(clock.now(), due)) - clock.now());
      this.#learn();
      const [event] = this.#app.events.slice(this.#model.events.length);
      this.#model.timePasses(
        event === 'close requested finally' && network.sockets.length === this.#model.sockets,
      );
      await this.#follow();
    } while (clock.now() < until);

    this.#laws.checkDrained(ms);
  }

  /** The page is held up, the network is not. */
  async #holdUp({ holdUp, sends }: Extract<Step, { holdUp: number }>): Promise<void> {
    const { clock } = this.#app.world;
    const until = clock.now() + holdUp;
    do {
      clock.holdTimersUp(Math.min(until, clock.nextDue(elsewhere)) - clock.now());
      this.#app.quietSince = clock.now();
      this.#learn();
      await this.#follow();
    } while (clock.now() < until);
    if (sends) await this.take({ wish: 'send', queue: true });
    await this.#pass(0);
  }

  /** Neither timers nor the network reach the page; then everything does, in whatever order. */
  async #freeze(step: Extract<Step, { freeze: number }>): Promise<void> {
    const { clock, network } = this.#app.world;
    if (step.cached) await this.take({ signal: 'pagehide' });
    const socket = network.sockets.at(-1);
    network.pageFreezes();
    for (const happens of step.meanwhile) this.#serve(happens);
    clock.holdTimersUp(step.freeze);
    this.#app.quietSince = clock.now();
    await this.#follow();

    clock.throttlesTimers(0);
    this.#laws.isThawing = true;
    for (const next of step.order) {
      if (next === 'timers') await this.#pass(0);
      else if (next === 'network') network.pageThaws();
      else this.#signal(step.cached ? 'pageshow' : 'visible');
      await this.#follow();
    }
    this.#laws.isThawing = false;
    if (!step.survives) socket?.server.clientGivesUp();
    await this.#pass(0);
  }

  #wish(wish: Wish): void {
    if (wish.wish === 'send') {
      this.#send(wish.queue);
      this.#learn();
    } else this.#app.does(wish);
    this.#tellModel(wish);
  }

  #tellModel(wish: Wish): void {
    const model = this.#model;
    switch (wish.wish) {
      case 'point':
        return model.point(wish.at, wish.as);
      case 'heartbeat':
        this.#app.quietSince = this.#app.world.clock.now();
        return model.configure(wish.is);
      case 'send':
        return model.sends();
      case 'listen':
      case 'leave':
        return model.topics[wish.wish](wish.topic);
      default:
        return model[wish.wish]();
    }
  }

  #send(queue: boolean): void {
    const { network, clock } = this.#app.world;
    const { phase, due, events } = this.#model;
    const free = takes(network.sockets.at(-1)) && this.#app.ledger.waiting.length === 0;
    const isDue = due <= clock.now();

    const result = this.#app.send(queue);

    // Where the send itself finds that the phase is over, the model is not there yet.
    if (result === null || isDue || this.#app.events.length > events.length) return;
    const over = isOver(phase);
    const expected = phase === 'open' && free ? 'sent' : queue && !over ? 'queued' : 'dropped';
    assert(result === expected, `send() is '${result}' instead of '${expected}' while ${phase}`);
  }

  #serve(step: ServerStep): void {
    const { network } = this.#app.world;
    const server = network.sockets.at(-1)?.server;
    switch (step.server) {
      case 'accepts':
        return server?.accepts();
      case 'sends':
        return server?.sends(this.#app.incoming.next(step.topic));
      case 'closes':
        return server?.closesWith(step.code);
      case 'breaks':
        return server?.breaks();
      case 'goes silent':
        return server?.goesSilent();
      case 'stalls':
        return server?.stalls();
      case 'resumes':
        return server?.resumes();
      case 'starts closing':
        return server?.startsClosing();
    }
  }

  #signal(signal: Signal): void {
    const { signals, clock } = this.#app.world;
    signals.say(signal);
    if (this.#app.isDeaf) return;
    this.#model.signalled(signal);
    const isHint = signal === 'online' || signal === 'offline' || signal === 'visible';
    if (!isHint || this.#laws.isHintPending) return;
    this.#app.hintedAt = clock.now();
    this.#app.jumpsSinceHint = 0;
  }

  /** Something has come over the present link, and the connection has done what it does. */
  #arrived(socket: SimulatedSocket, type: string, event: { data?: string; code?: number }): void {
    const model = this.#model;
    if (type === 'open') {
      const { scope } = model;
      this.#app.quietSince = this.#app.world.clock.now();
      model.accepted();
      this.#app.ledger.opens(socket, scope, model.topics.wanted);
    } else if (type === 'close') model.lost(String(event.code));
    else if (type === 'message' && model.phase === 'open') this.#received(String(event.data));
  }

  #received(message: string): void {
    const app = this.#app;
    // The answer to the last probe of a heartbeat that was switched off is a message like any other.
    const isPong = message === 'pong' && this.#model.heartbeat !== false;
    if (isPong && !app.hasThrown('pong', message)) return;
    if (app.hasThrown('decode', message)) return;
    const listeners = app.hasThrown('topics.of', message)
      ? 0
      : this.#model.topics.listeners(topicOf(message));
    app.incoming.said(message, listeners);
    this.#model.received(message);
  }

  #mirror(when: 'open' | 'close' | 'message'): void {
    const { planOfModel } = this.#app;
    const wish = planOfModel.get(when);
    planOfModel.delete(when);
    if (wish) this.#tellModel(wish);
  }

  /** What the model cannot foresee: a link that was found dead. */
  #learn(): void {
    const model = this.#model;
    for (const event of this.#app.events.slice(model.events.length))
      if (model.phase === 'open' && event.startsWith('close heartbeat'))
        model.lost('heartbeat timeout');
  }

  /** The url function is heard, the topics are asked for, then everything is checked. */
  async #follow(): Promise<void> {
    const app = this.#app;
    for (let turn = 0; this.#model.asks && app.answered !== 'never'; turn++) {
      assert(turn < 10, 'the url function is asked without end');
      await settle();
      this.#model.answered(app.answered);
    }
    await Promise.resolve();
    this.#laws.check();
  }
}
