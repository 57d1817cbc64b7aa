/** Stands for a url function. */
export const ASK = 'a function';

/** What a url function says: a url, 'null', 'reject' or 'never'. */
export type Answer = string;

/** What the constructor of a socket does. */
export type Dialling = 'works' | 'throws' | 'is blocked';

/** The heartbeat; with null as its ping it only listens. */
export type Heartbeat =
  | false
  | { readonly interval: number; readonly timeout: number; readonly ping?: null };

/** The options that a history is lived with; what changes on the way is in the model. */
export interface Setup {
  /** A url, {@link ASK} or nothing. */
  readonly url: string | null;
  readonly scope: string | undefined;
  readonly reconnect: boolean | { readonly maxAttempts: number };
  readonly heartbeat: Heartbeat;
  readonly maxMessages: number;
  readonly linger: number;
  readonly closeTimeout: number;
}

export const CONNECT_TIMEOUT = 10_000;

/** The clocks, and when a timer runs that is due at the given time. */
export interface Time {
  now(): number;
  wall(): number;
  timerRunsAt(due: number): number;
}
