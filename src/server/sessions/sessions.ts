import { randomBytes } from 'node:crypto';
import type { AnyIdentity, ServerClient } from '../clients/client.ts';
import { keyOfIdentity } from '../history/history.ts';
import type { DeliveryWord } from '../protocol/delivery-words.ts';
import type { LinkParts } from './link-parts.ts';
import { SessionLink } from './session-link.ts';
import { Confirmer } from './confirmer.ts';
import { guardStore } from './guarded-store.ts';
import { Session } from './session.ts';
import type { SharedParts } from './shared-parts.ts';
import type { Requests } from './requests.ts';
import type { SessionStore } from './store.ts';

type SessionWord = Extract<DeliveryWord, { lifeline: 'session' }>;

/** The sessions of a server. */
export class Sessions {
  /** Those with a connection, or of which something is at work. */
  readonly #live = new Map<string, Session>();
  /** The requests that are still at work although another server has their outbox. */
  readonly #released = new Map<string, Set<Requests>>();
  readonly #parts: SharedParts<Session>;
  readonly #linkParts: LinkParts;
  readonly #confirmer = new Confirmer();

  readonly #store: SessionStore;

  constructor(
    parts: Omit<SharedParts<Session>, 'idle' | 'unknown' | 'store'> & {
      readonly store: SessionStore;
    },
    linkParts: Omit<LinkParts, 'confirmer' | 'begin' | 'miscounted'>,
  ) {
    this.#store = parts.store;
    this.#parts = {
      ...parts,
      store: guardStore(parts.store, parts.app.report),
      idle: (session) => this.#release(session),
      unknown: (session) => void this.#leave(session),
    };
    this.#linkParts = {
      ...linkParts,
      confirmer: this.#confirmer,
      begin: (...begun) => this.#begin(...begun),
      miscounted: (session) => this.#forget(session),
    };
  }

  start(): void {
    const { forgotten, app } = this.#parts;
    this.#store.start({
      forgotten,
      error: app.report,
      wanted: (name) => this.#live.get(name)?.handOver(),
      lost: (name) => this.#live.get(name)?.leave((link) => link.replaced()),
      replied: (name, id, reply) => this.#live.get(name)?.requests?.replied(id, reply),
      aborted: (name, id) => this.#released.get(name)?.forEach((requests) => requests.abort(id)),
    });
  }

  /** A client is connected, and may begin a session. */
  opened(client: ServerClient<AnyIdentity>): void {
    client.delivery = new SessionLink(client, this.#linkParts);
  }

  async stop(): Promise<void> {
    this.#confirmer.stop();
    for (const released of this.#released.values())
      for (const requests of released) requests.abortAll();
    await Promise.all(Array.from(this.#live.values(), (session) => session.stop()));
    await this.#store.stop();
  }

  #begin(
    client: ServerClient<AnyIdentity>,
    { outbox, token }: SessionWord,
    ownKey = keyOfIdentity(client.id),
  ): Session {
    // A token proves that the client is the one that made the outbox. Whoever invents one, has only outboxes of its own.
    const owner = this.#linkParts.hasIdentities
      ? ownKey // the same name, and the same text in memory
      : `t${token ?? randomBytes(16).toString('hex')}`;
    const session = new Session(owner, outbox, this.#parts);
    const live = this.#live.get(session.name);
    if (live) return live;
    this.#live.set(session.name, session);
    return session;
  }

  /** @returns Whether it was there. */
  #leave(session: Session): boolean {
    return this.#live.get(session.name) === session && this.#live.delete(session.name);
  }

  #release(session: Session): void {
    session.saver.stop();
    const { owner, name, record, requests } = session;
    // It was released before, and a request has ended since.
    if (!this.#leave(session)) return this.#endReleased(name, requests);
    const running = requests?.release() ?? [];
    if (requests && running.length > 0)
      this.#released.set(name, (this.#released.get(name) ?? new Set()).add(requests));
    this.#parts.store.release(owner, name, record, running);
  }

  #endReleased(name: string, requests: Requests | null): void {
    const released = this.#released.get(name);
    if (!requests || !released || requests.running > 0) return;
    released.delete(requests);
    if (released.size === 0) this.#released.delete(name);
  }

  #forget(session: Session): void {
    session.leave(() => {});
    this.#parts.store.forget(session.owner, session.name);
  }
}
