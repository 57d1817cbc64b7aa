/** The limits of ws for the parts of a message that is not complete yet. */
interface PartLimits {
  /** How many fragments a message may have. */
  readonly maxFragments: number;
  /** How many reads of the socket one frame may take. */
  readonly maxBufferedChunks: number;
}

/**
 * Limits the parts of a message. Each part costs ws 100 to 300 bytes beside its payload, so that without a limit a message
 * of one-byte parts takes more than a hundred times its size. The lower bounds are those for 64 KiB. The upper ones are the
 * defaults of ws 8.23. A frame arrives in packets of 536 bytes or more, but a slow TLS client may write less at a time.
 */
export const partLimits = (maxPayload: number): PartLimits => ({
  maxFragments: Math.min(16_384, Math.max(128, Math.ceil(maxPayload / 512))),
  maxBufferedChunks: Math.min(262_144, Math.max(1_024, Math.ceil(maxPayload / 64))),
});
