import { MAX_ID_LENGTH } from '../../core/protocol/frames.ts';

/**
 * Whether a value can be the id of an identity, the label of a client or the name of a topic: a text of 1 to 256 UTF-16
 * code units. Without the limit, a client could fill the memory.
 */
export const isId = (id: unknown): id is string =>
  typeof id === 'string' && id !== '' && id.length <= MAX_ID_LENGTH;
