import type { ReactNode } from 'react';
import { WebSocketProvider } from '../../src/index.ts';
import { useDemoUrl } from './demo-url.ts';

export { demoUrl, useDemoUrl, useRoom } from './demo-url.ts';

/** Short times in milliseconds, so that a cut cable is noticed soon. */
export const DEMO_HEARTBEAT = { interval: 2_000, timeout: 2_000 };

/** Short waits in milliseconds, so that a visitor is never stuck. By default, a wait can take 30 s. */
export const DEMO_RECONNECT = { baseDelay: 500, maxDelay: 3_000 };

export interface DemoOptions {
  /** The room in the demo. Tabs with the same room share it; by default each story has its own. */
  room?: string;
  /** Milliseconds between two pings. */
  interval?: number;
  /** The time for an answer to a ping, in milliseconds. */
  timeout?: number;
  /** The shortest delay before a reconnect, in milliseconds. */
  minDelay?: number;
  /** The range of the first delay before a reconnect, in milliseconds: the option `baseDelay`. */
  baseDelay?: number;
  /** The largest range of a delay, in milliseconds. */
  maxDelay?: number;
  /** How many attempts fail before the connection is closed. By default, it never gives up. */
  maxAttempts?: number;
}

/** One connection to the demo for all components below it. */
export function DemoProvider(props: DemoOptions & { children: ReactNode }) {
  const {
    interval = DEMO_HEARTBEAT.interval,
    timeout = DEMO_HEARTBEAT.timeout,
    baseDelay = DEMO_RECONNECT.baseDelay,
    maxDelay = DEMO_RECONNECT.maxDelay,
    minDelay,
    maxAttempts,
  } = props;
  return (
    <WebSocketProvider
      url={useDemoUrl(props.room)}
      heartbeat={{ interval, timeout }}
      reconnect={{ minDelay, baseDelay, maxDelay, maxAttempts }}
    >
      {props.children}
    </WebSocketProvider>
  );
}
