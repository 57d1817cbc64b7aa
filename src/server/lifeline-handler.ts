import { writeLifelineFrame } from '../core/protocol/frames.ts';
import type { AnyIdentity, ServerClient } from './clients/client.ts';
import type { Watchers } from './presence/watchers.ts';
import { parseLifelineFrame } from './protocol/lifeline-frame.ts';
import type { PlainRequests } from './sessions/plain-requests.ts';
import type { Counters } from './stats/stats.ts';

/** Handles the lifeline frames of clients. */
export class LifelineHandler<Identity extends AnyIdentity> {
  readonly #watchers: Watchers<ServerClient<Identity>>;
  readonly #requests: Pick<PlainRequests, 'handle'>;
  readonly #counters: Pick<Counters, 'malformed'>;

  constructor(
    watchers: Watchers<ServerClient<Identity>>,
    requests: Pick<PlainRequests, 'handle'>,
    counters: Pick<Counters, 'malformed'>,
  ) {
    this.#watchers = watchers;
    this.#requests = requests;
    this.#counters = counters;
  }

  handle(client: ServerClient<Identity>, text: string): void {
    if (this.#requests.handle(client, text)) return;
    const { content, isMalformed } = parseLifelineFrame(text);
    if (isMalformed) this.#counters.malformed++;
    switch (content?.lifeline) {
      case 'ping':
        client.name = content.id ?? null;
        return client.sendFrame(
          writeLifelineFrame({ lifeline: 'pong', timestamp: content.timestamp }),
        );
      case 'watch':
        return this.#watchers.watch(client, content.topic);
      case 'unwatch':
        return this.#watchers.unwatch(client, content.topic);
      case 'leave':
        client.hasLeft = true;
    }
  }
}
