import { PING, PONG, writeLifelineFrame } from '../../src/core/protocol/frames.ts';
import { memoryPresence } from '../../src/server/presence/memory-presence.ts';
import { Watchers } from '../../src/server/presence/watchers.ts';
import { isLifelineFrame, parseLifelineFrame } from '../../src/server/protocol/lifeline-frame.ts';
import { GRACE, guestOf, isInRoomOf } from './guest.ts';

/** The heartbeat and presence of one client. */
interface Visit {
  /** Answers a frame of the protocol; returns false for one of the application. */
  answers(text: string): boolean;
  leave(): void;
}

/** The heartbeat and presence of the lifeline server, made of its own parts, for a page without Node. */
export function createInPageCompanion(): {
  join(query: URLSearchParams, send: (frame: string) => void): Visit;
} {
  const presence = memoryPresence({ grace: GRACE });
  const watchers = new Watchers(() => presence.list(), isInRoomOf);
  presence.start({
    online: (id) => watchers.addChange(id, true),
    offline: (id) => watchers.addChange(id, false),
    error: console.error,
  });

  return {
    join(query, send) {
      const connection = crypto.randomUUID();
      const viewer = { id: guestOf(query, connection).id, sendFrame: send };
      presence.join(viewer.id, connection);
      return {
        answers(text) {
          if (text === PING) {
            send(PONG);
            return true;
          }
          if (!isLifelineFrame(text)) return false;
          const { content } = parseLifelineFrame(text);
          if (content?.lifeline === 'watch') watchers.watch(viewer);
          if (content?.lifeline === 'unwatch') watchers.unwatch(viewer);
          if (content?.lifeline === 'ping')
            send(writeLifelineFrame({ lifeline: 'pong', timestamp: content.timestamp }));
          return true;
        },
        leave() {
          watchers.unwatch(viewer);
          presence.leave(viewer.id, connection);
        },
      };
    },
  };
}
