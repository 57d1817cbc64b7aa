import { MAX_ID_LENGTH } from '../../core/protocol/frames.ts';

/**
 * Whether this may be the id of an identity or a client, or the name of a topic: text of 1 to 256 UTF-16 code units. A
 * longer one would let a client fill the memory.
 */
export const isId = (id: unknown): id is string =>
  typeof id === 'string' && id !== '' && id.length <= MAX_ID_LENGTH;
