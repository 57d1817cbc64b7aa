import { type ReactNode, useState } from 'react';
import { WebSocketProvider } from '../../src/index.ts';
import { DEMO_PATH } from '../server/words.ts';

/** Milliseconds, so short that who cuts the cable in a story need not wait long. */
export const DEMO_HEARTBEAT = { interval: 2_000, timeout: 2_000 };

/** The url of a room of the demo: by default one that no other story is in. */
export function useDemoUrl(room?: string): string {
  return demoUrl(useRoom(room));
}

/** A room that no other story is in, unless one is asked for: tabs with the same room meet each other. */
export function useRoom(room?: string): string {
  const [ownRoom] = useState(() => Math.random().toString(36).slice(2));
  return room || ownRoom;
}

/** The url of a room of the demo, for somebody of this name: without one, the server finds one. */
export function demoUrl(room: string, query: { name?: string; token?: string } = {}): string {
  return `${DEMO_PATH}?${new URLSearchParams({ room, ...query }).toString()}`;
}

export interface DemoOptions {
  /** Tabs with the same room meet each other. By default each story has one of its own. */
  room?: string;
  /** Milliseconds between two pings. */
  interval?: number;
  /** Milliseconds that the server has for its pong. */
  timeout?: number;
  /** The longest first wait before a reconnect, in milliseconds, as in the library's options. */
  baseDelay?: number;
}

/** One connection to the demo for everything inside it. */
export function DemoProvider(props: DemoOptions & { children: ReactNode }) {
  const {
    interval = DEMO_HEARTBEAT.interval,
    timeout = DEMO_HEARTBEAT.timeout,
    baseDelay = 3_000,
  } = props;
  return (
    <WebSocketProvider
      url={useDemoUrl(props.room)}
      heartbeat={{ interval, timeout }}
      reconnect={{ baseDelay }}
    >
      {props.children}
    </WebSocketProvider>
  );
}
