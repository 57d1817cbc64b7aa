import { writeLifelineFrame } from '../core/protocol/frames.ts';
import type { AnyIdentity, ServerClient } from './clients/client.ts';
import type { Watchers } from './presence/watchers.ts';
import { parseLifelineFrame } from './protocol/lifeline-frame.ts';

/** Does what the lifeline frames of clients ask for. */
export class LifelineHandler<Identity extends AnyIdentity> {
  /** How many frames were malformed. */
  malformed = 0;
  readonly #watchers: Watchers<ServerClient<Identity>>;

  constructor(watchers: Watchers<ServerClient<Identity>>) {
    this.#watchers = watchers;
  }

  handle(client: ServerClient<Identity>, text: string): void {
    const { word, isMalformed } = parseLifelineFrame(text);
    if (isMalformed) this.malformed++;
    switch (word?.lifeline) {
      case 'ping':
        client.name = word.id ?? null;
        return client.send(writeLifelineFrame({ lifeline: 'pong', timestamp: word.timestamp }));
      case 'watch':
        return this.#watchers.watch(client);
      case 'unwatch':
        return this.#watchers.unwatch(client);
    }
  }
}
