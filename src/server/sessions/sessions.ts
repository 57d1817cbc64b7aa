import { randomBytes } from 'node:crypto';
import type { AnyIdentity, ServerClient } from '../clients/client.ts';
import type { DeliveryWord } from '../protocol/delivery-words.ts';
import { type LinkParts, SessionLink } from './session-link.ts';
import { Confirmer } from './confirmer.ts';
import { guardStore } from './guarded-store.ts';
import { Session, type SessionParts } from './session.ts';
import type { SessionStore } from './store.ts';

type SessionWord = Extract<DeliveryWord, { lifeline: 'session' }>;

/** The sessions of a server. */
export class Sessions {
  /** Those with a connection, or of which something is at work. */
  readonly #live = new Map<string, Session>();
  readonly #parts: SessionParts;
  readonly #linkParts: LinkParts;
  readonly #confirmer = new Confirmer();

  readonly #store: SessionStore;

  constructor(
    parts: Omit<SessionParts, 'idle' | 'unknown' | 'store'> & { readonly store: SessionStore },
    linkParts: Omit<LinkParts, 'confirmer' | 'begin' | 'miscounted'>,
  ) {
    this.#store = parts.store;
    this.#parts = {
      ...parts,
      store: guardStore(parts.store, parts.app.report),
      idle: (session) => this.#release(session),
      unknown: (session) => void this.#live.delete(session.name),
    };
    this.#linkParts = {
      ...linkParts,
      confirmer: this.#confirmer,
      begin: (client, word) => this.#begin(client, word),
      miscounted: (session) => this.#forget(session),
    };
  }

  start(): void {
    const { forgotten, app } = this.#parts;
    this.#store.start({ forgotten, error: app.report });
  }

  /** A client is connected, and may begin a session. */
  opened(client: ServerClient<AnyIdentity>): void {
    client.delivery = new SessionLink(client, this.#linkParts);
  }

  async stop(): Promise<void> {
    this.#confirmer.stop();
    for (const session of this.#live.values()) session.abort();
    await this.#store.stop();
  }

  #begin(client: ServerClient<AnyIdentity>, { outbox, token }: SessionWord): Session {
    // A token proves that the client is the one that made the outbox. Whoever invents one, has only outboxes of its own.
    const owner = this.#linkParts.hasIdentities
      ? `i${client.id}`
      : `t${token ?? randomBytes(16).toString('hex')}`;
    const session = new Session(owner, outbox, this.#parts);
    const live = this.#live.get(session.name);
    if (live) return live;
    this.#live.set(session.name, session);
    return session;
  }

  #release(session: Session): void {
    if (this.#live.get(session.name) !== session) return;
    this.#live.delete(session.name);
    this.#parts.store.release(session.owner, session.name, session.record);
  }

  #forget(session: Session): void {
    this.#live.delete(session.name);
    this.#parts.store.forget(session.owner, session.name);
    session.abort();
  }
}
