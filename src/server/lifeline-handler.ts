import { writeLifelineFrame } from '../core/protocol/frames.ts';
import type { AnyIdentity, ServerClient } from './clients/client.ts';
import type { Watchers } from './presence/watchers.ts';
import { parseLifelineFrame } from './protocol/lifeline-frame.ts';
import type { Counters } from './stats/stats.ts';

/** Handles the lifeline frames of clients. */
export class LifelineHandler<Identity extends AnyIdentity> {
  readonly #watchers: Watchers<ServerClient<Identity>>;
  readonly #counters: Pick<Counters, 'malformed'>;

  constructor(watchers: Watchers<ServerClient<Identity>>, counters: Pick<Counters, 'malformed'>) {
    this.#watchers = watchers;
    this.#counters = counters;
  }

  handle(client: ServerClient<Identity>, text: string): void {
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
