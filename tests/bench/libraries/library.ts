import type { ReactNode } from 'react';

/** The url to connect to. */
interface Connected {
  readonly url: string;
}

/** Sends a text. */
export type Send = (text: string) => unknown;

export interface SenderProps extends Connected {
  /** Called once it is mounted. */
  readonly onMount?: (send: Send) => void;
  /** Called when the library reports an open connection. */
  readonly onOpen?: (send: Send) => void;
}

export interface TopicsProps extends Connected {
  readonly topics: readonly string[];
}

export interface StatusesProps extends Connected {
  readonly count: number;
}

/** A library, used as its documentation says. What it does not offer is written by hand. */
export interface Library {
  /** One component that shows the last message and passes every message to `handle`. */
  readonly Reader: (props: Connected) => ReactNode;
  /** A component for each topic, on one connection, that shows the last message of its topic. */
  readonly Topics: (props: TopicsProps) => ReactNode;
  /** A component that sends. */
  readonly Sender: (props: SenderProps) => ReactNode;
  /** `count` components on one connection, each of which shows whether it is open. */
  readonly Statuses: (props: StatusesProps) => ReactNode;
  /** A connection with a heartbeat of 1 s, 1 s for the answer, and a quick reconnect, if the library has them. */
  readonly Heartbeat: (props: Connected) => ReactNode;
  /** Whether messages sent before the connection is open wait for it. */
  readonly queues: boolean;
}
