/** How many messages of a client may be received and not yet taken, and how many requests of a session may be at work. */
export const WINDOW = 256;

/** How many bytes of them, or twice `maxPayload`, if that is more: until a message is encoded, a client keeps room for the largest. */
export const WINDOW_BYTES = 1_048_576;

/** How many positions a client may tell: one for each topic that it can subscribe to, and its identity's own. */
export const MAX_POSITIONS = 1_001;

/** The replays of an identity, in bytes: 16 MiB at once, and as much again each minute. */
export const REPLAY_RATE: { readonly perSecond: number; readonly burst: number } = {
  perSecond: 16_777_216 / 60,
  burst: 16_777_216,
};

/** Above so many bytes in the send buffer of a client, its replays wait. */
export const MAX_REPLAY_BUFFER = 1_048_576;
