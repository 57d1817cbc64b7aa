import { writeLifelineFrame } from '../core/protocol/frames.ts';
import type { AnyIdentity, ServerClient } from './clients/client.ts';
import type { Watchers } from './presence/watchers.ts';
import { parseLifelineFrame } from './protocol/lifeline-frame.ts';

/** Handles the lifeline frames of clients. */
export class LifelineHandler<Identity extends AnyIdentity> {
  /** The number of malformed frames so far. */
  malformed = 0;
  readonly #watchers: Watchers<ServerClient<Identity>>;

  constructor(watchers: Watchers<ServerClient<Identity>>) {
    this.#watchers = watchers;
  }

  handle(client: ServerClient<Identity>, text: string): void {
    const { content, isMalformed } = parseLifelineFrame(text);
    if (isMalformed) this.malformed++;
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
