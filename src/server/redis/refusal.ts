/**
 * The answers of Redis that stay the same until its operator or that of the application changes something: a wrong password, a
 * missing permission, an unknown command, keys of another type, a cluster or none. All other errors may pass by themselves: a replica
 * that becomes a master, a full memory, too many clients, data that is being loaded.
 */
const REFUSALS =
  /\b(?:WRONGPASS|NOAUTH|NOPERM|NOPROTO|DENIED|WRONGTYPE|MOVED|CROSSSLOT)\b|^ERR (?:unknown|invalid|wrong number|DB index|This instance has cluster support disabled)/;

/** Whether an error is a refusal that only an operator can end, so that there is no hurry to try again. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof Error && REFUSALS.test(error.message);

/** Whether Redis itself has answered a command with an error, so that it has done nothing. Such an error begins with a word in capitals. */
export const isAnswer = (error: unknown): boolean =>
  error instanceof Error && /^[A-Z]{2,} /.test(error.message);
