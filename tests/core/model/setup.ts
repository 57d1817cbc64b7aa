/** The url option of a history with a url function. */
export const URL_FUNCTION = 'a function';

/** What a url function answers: a url, 'null', 'reject' or 'never'. */
export type Answer = string;

/** What the WebSocket constructor does. */
export type NewSocket = 'works' | 'throws' | 'is blocked';

/** The heartbeat option; with `ping: null` it sends no pings. */
export type Heartbeat =
  | false
  | { readonly interval: number; readonly timeout: number; readonly ping?: null };

/** The options at the start of a history. Those that change later are kept in the model. */
export interface Setup {
  /** A url, {@link URL_FUNCTION} or null. */
  readonly url: string | null;
  readonly scope: string | undefined;
  readonly reconnect: boolean | { readonly maxAttempts: number };
  readonly heartbeat: Heartbeat;
  readonly maxMessages: number;
  /** Whether each link begins with a login, which the first message of the server answers. */
  readonly hasHandshake: boolean;
  readonly linger: number;
  readonly closeTimeout: number;
  /** Whether the page is rendered before it is shown: the next `pageshow` shows it. */
  readonly isPrerendered: boolean;
}

/** The frame of the login, and the answer that refuses it. */
export const LOGIN = 'login';
export const REFUSAL = 'no';

export const CONNECT_TIMEOUT = 10_000;

/** The two clocks. `timerRunsAt()` is when a timer fires that is due at the given time. */
export interface Time {
  now(): number;
  wall(): number;
  timerRunsAt(due: number): number;
}
