import type { ConnectionOptions } from '../../src/core/options/options.ts';

/** Options that do not exist, by their path, and what the error says about each. */
const UNKNOWN: Record<string, string> = {
  heartbeet: 'an option of a connection: did you mean heartbeat?',
  HeartBeat: 'an option of a connection: did you mean heartbeat?',
  onopen: 'an option of a connection: did you mean onOpen?',
  timeout: 'an option of a connection: did you mean heartbeat.timeout?',
  maxAttempts: 'an option of a connection: did you mean reconnect.maxAttempts?',
  shouldReconnect: 'an option of a connection: did you mean reconnect.shouldReconnect?',
  xyz: 'an option of a connection. The names are url, protocols, ',
  'heartbeat.intervall': 'an option of heartbeat: did you mean interval?',
  'reconnect.maxDelays': 'an option of reconnect: did you mean maxDelay?',
  'outbox.maxMesages': 'an option of outbox: did you mean maxMessages?',
  'topics.subscibe': 'an option of topics: did you mean subscribe?',
};

/** Options with an unknown one, by its path, and the message of the error. */
export const unknownOptions: (readonly [
  path: string,
  options: ConnectionOptions,
  error: string,
])[] = Object.entries(UNKNOWN).map(([path, error]) => {
  const [outer = '', inner] = path.split('.');
  const value = inner
    ? { ...(outer === 'topics' && { of: String }), [inner]: undefined }
    : undefined;
  return [path, { [outer]: value }, `${inner ?? outer} is not ${error}`];
});
