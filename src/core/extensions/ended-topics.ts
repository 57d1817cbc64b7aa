import { retryDelay } from '../machine/backoff.ts';
import type { Host } from './extension.ts';

/** The topics that the server has ended on this link, and when they are subscribed to again. */
export interface EndedTopics {
  /** The server has ended a topic. */
  add(topic: string): void;
  /** Whether it is too early to subscribe to a topic again. */
  isWaiting(topic: string): boolean;
  /** Forgets a topic: nobody listens to it any more. */
  forget(topic: string): void;
}

interface Ended {
  /** How often it has ended, without a stable time in between. */
  readonly count: number;
  isWaiting: boolean;
  /** When it was subscribed to again. */
  askedAt: number;
  timer?: unknown;
}

/**
 * Makes {@link EndedTopics}.
 *
 * @param subscribe - Called when a topic need not wait any more.
 */
export function createEndedTopics<In, Out>(
  { clock, settings, on }: Pick<Host<In, Out>, 'clock' | 'settings' | 'on'>,
  subscribe: () => void,
): EndedTopics {
  const topics = new Map<string, Ended>();

  function forget(topic: string): void {
    clock.clearTimeout(topics.get(topic)?.timer);
    topics.delete(topic);
  }

  // The next link subscribes to all topics.
  on('close', () => [...topics.keys()].forEach(forget));

  return {
    add(topic) {
      const { reconnect, random } = settings();
      const { askedAt, count } = topics.get(topic) ?? { askedAt: -Infinity, count: 0 };
      const isStable = clock.now() - askedAt >= reconnect.stableAfter;
      const ended: Ended = { count: isStable ? 1 : count + 1, isWaiting: true, askedAt };
      topics.set(topic, ended);
      // The policy of the application judges causes of links.
      const policy = { random, reconnect: { ...reconnect, shouldReconnect: () => true } };
      const delay = retryDelay(policy, { kind: 'requested' }, ended.count, false);
      if (delay === null) return;
      ended.timer = clock.setTimeout(() => {
        ended.isWaiting = false;
        ended.askedAt = clock.now();
        subscribe();
      }, delay);
    },
    isWaiting: (topic) => topics.get(topic)?.isWaiting ?? false,
    forget,
  };
}
