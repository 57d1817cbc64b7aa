import type { State } from './state.ts';

/** What a state says of its link, if there is none. */
export const NO_LINK: Pick<
  State,
  | 'status'
  | 'since'
  | 'deadline'
  | 'isExtended'
  | 'probe'
  | 'probedAt'
  | 'pingedAt'
  | 'latency'
  | 'slowestAnswer'
> = {
  status: 'idle',
  since: 0,
  deadline: Infinity,
  isExtended: false,
  probe: null,
  probedAt: null,
  pingedAt: null,
  latency: null,
  slowestAnswer: 0,
};

/** What a state says of earlier failures, if there are none. */
export const NO_FAILURES: Pick<State, 'attempt' | 'wasRefused' | 'cause'> = {
  attempt: 0,
  wasRefused: false,
  cause: null,
};

/** The state of a new connection, without a holder. */
export const INITIAL: State = {
  ...NO_LINK,
  ...NO_FAILURES,
  scope: null,
  isHeld: false,
  isOpened: false,
  patience: 0,
  quickAnswers: 0,
  hastyDeaths: 0,
};
