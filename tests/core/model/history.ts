import type { Signal, Status } from '../../../src/core.ts';
import { isOutsidePage } from '../../../src/testing/simulation/clock.ts';
import type { SimulatedSocket } from '../../../src/testing/simulation/socket.ts';
import { settle } from '../../support/simulation/world.ts';
import { App, showPage } from './app.ts';
import { assert } from './assert.ts';
import { Expected } from './expected.ts';
import { topicOf } from './incoming.ts';
import { isOver, Laws, canTake } from './laws.ts';
import { CONNECT_TIMEOUT, REFUSAL, type Setup } from './setup.ts';
import type { ServerStep, Step, Action } from './steps.ts';

/** Longer than any wait and any attempt. */
const RECOVERY = 4 * 15_250 + 2 * CONNECT_TIMEOUT;
/** Longer than any linger, handshake and closeTimeout. */
const ENDING = 10_000;

/** A history of one connection, and the model beside it. */
export class History {
  readonly #app: App;
  readonly #model: Expected;
  readonly #laws: Laws;

  constructor(setup: Setup) {
    this.#app = new App(setup);
    const { clock, network } = this.#app.world;
    this.#model = new Expected(setup, clock);
    this.#model.onEvent = (type) => this.#performInModel(type);
    this.#laws = new Laws(this.#app, this.#model, setup);
    this.#app.onFoundDead = () => this.#laws.checkFoundDead();
    this.#app.isOverdue = () => this.#model.due <= clock.now();
    network.afterEvent = (socket, type, event) => {
      this.#noteDeadLink();
      if (socket === this.#socket) this.#arrived(this.#socket, type, event);
    };
  }

  get status(): Status {
    return this.#app.world.connection.getSnapshot().status;
  }

  /** The rare things that have happened. */
  get seen(): ReadonlySet<string> {
    return this.#app.seen;
  }

  /** The socket in use, by the state of the model. */
  get #socket() {
    const { sockets, hasSocket } = this.#model;
    return hasSocket ? this.#app.world.network.sockets[sockets - 1] : undefined;
  }

  /** Takes a step and checks everything afterwards. */
  async take(step: Step): Promise<void> {
    if ('advance' in step) return this.#advance(step.advance);
    if ('block' in step) return this.#block(step);
    if ('freeze' in step) return this.#freeze(step);
    this.#perform(step);
    await this.#settleAndCheck();
  }

  /** Ends the connection and checks that nothing is left. */
  async end(by: 'release' | 'close'): Promise<void> {
    for (const actions of [this.#app.actionsOfHandlers, this.#app.actionsOfModel]) actions.clear();
    await this.take({ hidden: 0 });
    for (const topic of this.#model.topics.wanted)
      while (this.#model.topics.listeners(topic) > 0) await this.take({ action: 'leave', topic });
    if (by === 'close' || this.#model.isOpenedByApp) await this.take({ action: 'close' });
    if (by === 'release') while (this.#model.holders > 0) await this.take({ action: 'release' });
    await this.#advance(ENDING);

    this.#laws.checkEnd();
  }

  /** Ends all faults. A wanted connection must open within a limited time. */
  async recover(): Promise<void> {
    const { network, connection } = this.#app.world;
    const model = this.#model;
    await this.take({ hidden: 0 });
    await this.take({ newSocket: 'works' });
    await this.take({ answer: 'ws://a.test/live' });
    if (model.phase === 'parked' || model.phase === 'prerendered')
      await this.take({ signal: 'pageshow' });
    // Nobody listened to the signals.
    if (model.phase === 'prerendered') await this.take({ action: 'reconnect' });
    // The present attempt may have been lost already, without an event so far.
    for (let passed = 0; model.isLive && model.phase !== 'open'; passed += 1_000) {
      assert(passed < RECOVERY, `is still ${connection.getSnapshot().status} after ${passed} ms`);
      if (network.sockets.at(-1)?.readyState === 0) await this.take({ server: 'accepts' });
      if (model.phase === 'handshaking') await this.take({ server: 'sends', topic: null });
      await this.#advance(1_000);
    }
  }

  // ── The steps, for the connection and for the model.

  #perform(
    step: Exclude<Step, { advance: number } | { block: number } | { freeze: number }>,
  ): void {
    const { clock, network } = this.#app.world;
    const model = this.#model;
    if ('action' in step) this.#performAction(step);
    else if ('on' in step) {
      this.#app.actionsOfHandlers.set(step.on, step.do);
      this.#app.actionsOfModel.set(step.on, step.do);
    } else if ('throws' in step) this.#app.errors.throwNext(step.throws);
    else if ('server' in step) this.#serve(step);
    else if ('buffer' in step) {
      if (this.#socket?.readyState === 1) network.server.drainsTo(step.buffer);
      this.#app.silenceRestartedAt = clock.now();
    } else if ('olderSocket' in step) {
      const { server } = network.sockets.slice(0, -1).at(-1 - step.olderSocket) ?? {};
      if (step.does === 'sends') server?.sends('stale');
      else server?.[step.does]();
    } else if ('sleep' in step) {
      clock.sleep(step.sleep);
      if (step.sleep > 0) this.#app.jumpsSinceSignal++;
      this.#signal('visible');
    } else if ('jump' in step) {
      clock.jump(step.jump);
      if (step.jump > 0) this.#app.jumpsSinceSignal++;
    } else if ('hidden' in step) {
      clock.throttlesTimers(step.hidden);
      this.#app.silenceRestartedAt = clock.now();
      if (step.hidden === 0) this.#signal('visible');
    } else if ('signal' in step) this.#signal(step.signal);
    else if ('newSocket' in step) {
      model.newSocket = step.newSocket;
      const error = step.newSocket === 'throws' ? new DOMException('no', 'SyntaxError') : null;
      network.constructorThrows(error);
      if (step.newSocket === 'is blocked') network.isBlocked();
      else network.answersNone();
    } else this.#app.answer = step.answer;
  }

  /** Time passes, from one due event to the next. */
  async #advance(ms: number): Promise<void> {
    const { clock, network } = this.#app.world;
    const until = clock.now() + ms;
    do {
      const due = Math.min(clock.nextDue(), this.#model.nextDue);
      clock.advance(Math.min(until, Math.max(clock.now(), due)) - clock.now());
      this.#noteDeadLink();
      const [event] = this.#app.events.slice(this.#model.events.length);
      this.#model.timePasses(
        event === 'close requested final' && network.sockets.length === this.#model.sockets,
      );
      await this.#settleAndCheck();
    } while (clock.now() < until);

    this.#laws.checkDrained(ms);
  }

  /** The page is blocked, and the network goes on. */
  async #block({ block, sends }: Extract<Step, { block: number }>): Promise<void> {
    const { clock } = this.#app.world;
    const until = clock.now() + block;
    do {
      clock.blockPage(Math.min(until, clock.nextDue(isOutsidePage)) - clock.now());
      this.#app.silenceRestartedAt = clock.now();
      this.#noteDeadLink();
      await this.#settleAndCheck();
    } while (clock.now() < until);
    if (sends) await this.take({ action: 'send', queue: true });
    await this.#advance(0);
  }

  /** The page gets neither timers nor frames. Then it resumes, and gets everything in the given order. */
  async #freeze(step: Extract<Step, { freeze: number }>): Promise<void> {
    const { clock, network } = this.#app.world;
    if (step.cached) await this.take({ signal: 'pagehide' });
    const socket = network.sockets.at(-1);
    network.pageFreezes();
    for (const happens of step.meanwhile) this.#serve(happens);
    clock.blockPage(step.freeze);
    this.#app.silenceRestartedAt = clock.now();
    await this.#settleAndCheck();

    clock.throttlesTimers(0);
    this.#laws.isResuming = true;
    for (const next of step.order) {
      if (next === 'timers') await this.#advance(0);
      else if (next === 'network') network.pageResumes();
      else this.#signal(step.cached ? 'pageshow' : 'visible');
      await this.#settleAndCheck();
    }
    this.#laws.isResuming = false;
    if (!step.socketSurvives) socket?.server.clientGivesUp();
    await this.#advance(0);
  }

  #performAction(action: Action): void {
    if (action.action === 'send') {
      this.#send(action.queue);
      this.#noteDeadLink();
    } else this.#app.perform(action);
    this.#actInModel(action);
  }

  #actInModel(action: Action): void {
    const model = this.#model;
    switch (action.action) {
      case 'update':
        return model.update(action.url, action.scope);
      case 'configure':
        this.#app.silenceRestartedAt = this.#app.world.clock.now();
        return model.configure(action.heartbeat);
      case 'limit':
        return model.limit(action.reconnect);
      case 'send':
        return model.send();
      case 'listen':
      case 'leave':
        return model.topics[action.action](action.topic);
      default:
        return model[action.action]();
    }
  }

  #send(queue: boolean): void {
    const { network, clock } = this.#app.world;
    const { phase, due, events } = this.#model;
    const free = canTake(network.sockets.at(-1)) && this.#app.ledger.waiting.length === 0;
    const isDue = due <= clock.now();

    const result = this.#app.send(queue);

    // If send() itself has ended the phase, the model does not know it yet.
    if (result === null || isDue || this.#app.events.length > events.length) return;
    const over = isOver(phase);
    const expected = phase === 'open' && free ? 'sent' : queue && !over ? 'queued' : 'dropped';
    assert(
      result === expected,
      `send() returns '${result}' instead of '${expected}' while ${phase}`,
    );
  }

  #serve(step: ServerStep): void {
    const { network } = this.#app.world;
    const server = network.sockets.at(-1)?.server;
    switch (step.server) {
      case 'accepts':
        return server?.accepts();
      case 'sends':
        return server?.sends(this.#app.incoming.next(step.topic));
      case 'refuses the login':
        return server?.sends(REFUSAL);
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
    if (signal === 'pageshow') {
      showPage();
      this.#model.pageIsShown();
    }
    signals.emit(signal);
    if (this.#app.signalsThrew) return;
    this.#model.signalled(signal);
    const sendsPing = signal === 'online' || signal === 'offline' || signal === 'visible';
    if (!sendsPing || this.#laws.isSignalUnanswered) return;
    this.#app.signalledAt = clock.now();
    this.#app.jumpsSinceSignal = 0;
  }

  /** The present socket has had an event, and the connection has handled it. */
  #arrived(socket: SimulatedSocket, type: string, event: { data?: string; code?: number }): void {
    const model = this.#model;
    if (type === 'open') this.#opens(socket, () => model.accepted());
    else if (type === 'close') model.lost(String(event.code));
    else if (type === 'message') this.#received(String(event.data));
  }

  /** Tells the model of something that may open the link. */
  #opens(socket: SimulatedSocket, tell: () => void): void {
    const model = this.#model;
    const { scope } = model;
    this.#app.silenceRestartedAt = this.#app.world.clock.now();
    tell();
    this.#app.ledger.opens(socket, scope, model.topics.wanted);
  }

  #received(message: string): void {
    const app = this.#app;
    const { phase, untilOpen } = this.#model;
    if (phase !== 'open' && phase !== 'handshaking') return;
    // After the heartbeat is switched off, a late pong is a message like any other.
    const isPong = message === 'pong' && this.#model.heartbeat !== false;
    if (isPong && !app.hasThrown('pong', message)) return;
    if (app.hasThrown('decode', message)) return;
    if (phase === 'handshaking') untilOpen.push(message);
    else this.#delivered(message);
  }

  #delivered(message: string): void {
    const app = this.#app;
    const listeners = app.hasThrown('topics.of', message)
      ? 0
      : this.#model.topics.listeners(topicOf(message));
    app.incoming.sent(message, listeners);
    this.#model.received(message);
  }

  #performInModel(trigger: 'open' | 'close' | 'message'): void {
    const { actionsOfModel } = this.#app;
    const action = actionsOfModel.get(trigger);
    actionsOfModel.delete(trigger);
    if (action) this.#actInModel(action);
  }

  /** Tells the model of a link that was found dead, which it cannot foresee. */
  #noteDeadLink(): void {
    const model = this.#model;
    for (const event of this.#app.events.slice(model.events.length))
      if (model.phase === 'open' && event.startsWith('close heartbeat'))
        model.lost('heartbeat timeout');
  }

  /** Waits for functions of the application. Returns whether one of them had an answer. */
  async #settles(): Promise<boolean> {
    const app = this.#app;
    const model = this.#model;
    if (model.awaitsUrl && app.answered !== 'never') {
      await settle();
      model.answered(app.answered);
      return true;
    }
    const socket = this.#socket;
    if (model.phase !== 'handshaking' || !socket) return false;
    await settle();
    const [answer, ...waiting] = model.untilOpen;
    if (app.handshakeThrew) model.lost('Error');
    else if (answer === REFUSAL) model.lost('AuthError');
    else if (answer !== undefined) {
      this.#opens(socket, () => model.ready());
      // A handler of one may end the link.
      for (const message of waiting) if (this.#model.phase === 'open') this.#delivered(message);
    }
    return model.phase !== 'handshaking';
  }

  /** Waits for the url function, the handshake and the subscription to topics, then checks everything. */
  async #settleAndCheck(): Promise<void> {
    for (let turn = 0; await this.#settles(); turn++)
      assert(turn < 10, 'the url or the handshake function is called again and again');
    await Promise.resolve();
    this.#laws.check();
  }
}
