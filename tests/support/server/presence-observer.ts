import type { ServerLifelineFrame } from '../../../src/core/protocol/frames.ts';
import type { PresenceStore } from '../../../src/server.ts';
import { SimulatedSocket } from './simulated-process.ts';

/** A client that watches everybody and a topic, and keeps what it is told, as a real one does. */
export class PresenceObserver {
  readonly socket: SimulatedSocket = new SimulatedSocket((pong) => pong());
  /** By topic; undefined for everybody. */
  readonly known: Map<string | undefined, Set<string>> = new Map();

  constructor() {
    this.socket.send = (frame) => this.#apply(JSON.parse(String(frame)) as ServerLifelineFrame);
  }

  watch(topic?: string): void {
    this.socket.emit('message', Buffer.from(JSON.stringify({ lifeline: 'watch', topic })), false);
  }

  #apply(frame: ServerLifelineFrame): void {
    if (frame.lifeline === 'pong' || frame.lifeline === 'unwatch') return;
    const ids = frame.lifeline === 'presence' ? new Set<string>() : this.known.get(frame.topic);
    if (!ids) throw new Error('A change came before the list.');
    this.known.set(frame.topic, ids);
    if (frame.lifeline === 'presence') for (const id of frame.online) ids.add(id);
    else if (frame.lifeline === 'online') for (const id of frame.ids) ids.add(id);
    else for (const id of frame.ids) ids.delete(id);
  }
}

/** Lets a function hear of each change of who is in a topic, before the server does. */
export function withTopicsHeard(
  store: PresenceStore,
  onChange: (topic: string, id: string, isIn: boolean) => void,
): PresenceStore {
  const { topics } = store;
  if (!topics) throw new Error('The store has no topics.');
  return {
    ...store,
    topics: {
      join: (...args) => topics.join(...args),
      leave: (...args) => topics.leave(...args),
      isOnline: (...args) => topics.isOnline(...args),
      list: (...args) => topics.list(...args),
      start(listener) {
        topics.start({
          ...listener,
          online(topic, id) {
            onChange(topic, id, true);
            listener.online(topic, id);
          },
          offline(topic, id) {
            onChange(topic, id, false);
            listener.offline(topic, id);
          },
        });
      },
    },
  };
}
