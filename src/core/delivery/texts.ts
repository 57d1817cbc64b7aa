import { FULL_TEXTS } from '../platform/texts.ts';

/** The errors of a session. */
export const MISCOUNT: string = FULL_TEXTS
  ? 'The server has received other frames than were sent: send nothing by connection.socket. What was not confirmed is uncertain.'
  : 'The counts of client and server differ.';
export const STRANGE: string = FULL_TEXTS
  ? 'The server has confirmed messages that were never sent: another client has used the same outbox. This one begins another.'
  : MISCOUNT;
export const NO_SESSIONS: string = FULL_TEXTS
  ? 'The server knows no sessions, so that nothing is confirmed: give createLifelineServer() the option sessions, or remove the option delivery.'
  : 'The server knows no sessions.';
