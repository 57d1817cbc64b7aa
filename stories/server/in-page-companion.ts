import { PING, PONG, writeLifelineFrame } from '../../src/core/protocol/frames.ts';
import { memoryPresence } from '../../src/server/presence/memory-presence.ts';
import type { Viewer } from '../../src/server/presence/watch.ts';
import { Watchers } from '../../src/server/presence/watchers.ts';
import { isLifelineFrame, parseLifelineFrame } from '../../src/server/protocol/lifeline-frame.ts';
import { createInPageDelivery, type Wire } from './in-page-delivery.ts';
import { GRACE, guestOf, isInRoomOf, placeTopic, roomTopic } from './guest.ts';

/** The heartbeat, the presence and the session of one client. */
interface Visit {
  /** Answers a frame of the protocol; returns false for one of the application. */
  answers(text: string): boolean;
  /** Is subscribed to the topic of a place. */
  enter(place: string): void;
  leave(place: string): void;
  end(): void;
}

/** A client, and the topics to which it is subscribed. */
interface Visitor extends Viewer<Visitor> {
  readonly topics: Set<string>;
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
      isSubscribed: (visitor, topic) => visitor.topics.has(topic),
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
        topics: new Set(),
        bufferedAmount: 0,
        viewing: null,
        sendFrame: send,
      };
      presence.join(guest.id, connection, JSON.stringify({ name: guest.name }));
      const subscribe = (topic: string) => {
        if (visitor.topics.has(topic)) return;
        visitor.topics.add(topic);
        topics?.join(topic, guest.id, connection);
        watchers.subscribed(visitor, topic);
      };
      const topic = roomTopic(guest.room);
      subscribe(topic);
      const link = delivery.join({ owner: guest.id, topic, sender, wire });
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
        enter: (place) => subscribe(placeTopic(guest.room, place)),
        leave(place) {
          const left = placeTopic(guest.room, place);
          if (!visitor.topics.delete(left)) return;
          topics?.leave(left, guest.id, connection, true);
          watchers.unsubscribed(visitor, left);
        },
        end() {
          link.leave();
          watchers.remove(visitor);
          for (const left of visitor.topics) topics?.leave(left, guest.id, connection, false);
          presence.leave(guest.id, connection);
        },
      };
    },
  };
}
