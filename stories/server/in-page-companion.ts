import { PING, PONG, writeLifelineFrame } from '../../src/core/protocol/frames.ts';
import { memoryPresence } from '../../src/server/presence/memory-presence.ts';
import type { Viewer } from '../../src/server/presence/watch.ts';
import { Watchers } from '../../src/server/presence/watchers.ts';
import { isLifelineFrame, parseLifelineFrame } from '../../src/server/protocol/lifeline-frame.ts';
import { createInPageDelivery, type Wire } from './in-page-delivery.ts';
import { GRACE, guestOf, isInRoomOf, roomTopic } from './guest.ts';

/** The heartbeat, the presence and the session of one client. */
interface Visit {
  /** Answers a frame of the protocol; returns false for one of the application. */
  answers(text: string): boolean;
  leave(): void;
}

/** A client, which is subscribed to the topic of its room. */
interface Visitor extends Viewer<Visitor> {
  readonly topic: string;
}

/** Heartbeat and presence are made of the parts of the lifeline server, for a page without Node. */
export function createInPageCompanion(): {
  /** Sends a message to the topic of a room. `except`: not to its sender. */
  publish(room: string, message: string, except?: object): void;
  /** `sender`: the name of the client in `publish()`. */
  join(query: URLSearchParams, sender: object, wire: Wire): Visit;
} {
  const delivery = createInPageDelivery();
  const presence = memoryPresence({ grace: GRACE });
  const { topics } = presence;
  const watchers = new Watchers<Visitor>(
    {
      list: (topic) => (topic === undefined ? presence.list() : (topics?.list(topic) ?? null)),
      dataOf: (id) => presence.dataOf?.(id),
      isSubscribed: (visitor, topic) => visitor.topic === topic,
      isFollowed: () => true,
      watched() {},
    },
    isInRoomOf,
  );
  presence.start({
    online: (id) => watchers.addChange(id, true),
    offline: (id) => watchers.addChange(id, false),
    renewed: (id) => watchers.renew(id),
    error: console.error,
  });
  topics?.start({
    online: (topic, id) => watchers.addChange(id, true, topic),
    offline: (topic, id) => watchers.addChange(id, false, topic),
    known: (topic) => watchers.known(topic),
  });

  return {
    publish: (room, message, except) => delivery.publish(roomTopic(room), message, except),
    join(query, sender, wire) {
      const { send } = wire;
      const connection = crypto.randomUUID();
      const guest = guestOf(query, connection);
      const visitor: Visitor = {
        id: guest.id,
        topic: roomTopic(guest.room),
        bufferedAmount: 0,
        viewing: null,
        sendFrame: send,
      };
      presence.join(guest.id, connection, JSON.stringify({ name: guest.name }));
      topics?.join(visitor.topic, guest.id, connection);
      const link = delivery.join({ owner: guest.id, topic: visitor.topic, sender, wire });
      return {
        answers(text) {
          if (link.answers(text)) return true;
          if (text === PING) {
            send(PONG);
            return true;
          }
          if (!isLifelineFrame(text)) return false;
          const { content } = parseLifelineFrame(text);
          if (content?.lifeline === 'watch') watchers.watch(visitor, content.topic);
          if (content?.lifeline === 'unwatch') watchers.unwatch(visitor, content.topic);
          if (content?.lifeline === 'ping')
            send(writeLifelineFrame({ lifeline: 'pong', timestamp: content.timestamp }));
          return true;
        },
        leave() {
          link.leave();
          watchers.remove(visitor);
          topics?.leave(visitor.topic, guest.id, connection, false);
          presence.leave(guest.id, connection);
        },
      };
    },
  };
}
