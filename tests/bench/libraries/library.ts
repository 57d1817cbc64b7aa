import type { ReactNode } from 'react';

/** Where to connect to. */
interface Connected {
  readonly url: string;
}

/** Sends a text. */
export type Send = (text: string) => unknown;

export interface SenderProps extends Connected {
  /** Called once it is mounted. */
  readonly onMount?: (send: Send) => void;
  /** Called when the library says that the connection is open. */
  readonly onOpen?: (send: Send) => void;
}

export interface TopicsProps extends Connected {
  readonly topics: readonly string[];
}

export interface StatusesProps extends Connected {
  readonly count: number;
}

/** A library as its own documentation says that it is used. Where it has no word for something, it is done by hand. */
export interface Library {
  /** One component that shows the last message and hands every one to `handle`. */
  readonly Reader: (props: Connected) => ReactNode;
  /** A component for each topic, over one connection, that shows the topic's last message. */
  readonly Topics: (props: TopicsProps) => ReactNode;
  /** A component that sends. */
  readonly Sender: (props: SenderProps) => ReactNode;
  /** So many components on one connection, each of which shows whether it is open. */
  readonly Statuses: (props: StatusesProps) => ReactNode;
  /** A connection with a heartbeat of 1 s, 1 s for the answer, and a quick reconnect, as far as there is such a thing. */
  readonly Heartbeat: (props: Connected) => ReactNode;
  /** Whether what is sent before the connection is open waits for it. */
  readonly queues: boolean;
}
