/** The longest reason, in UTF-16 code units: failures wait for clients that are away. */
const MAX_LENGTH = 1_024;

/**
 * Throw it in a `message` or `request` handler to tell the client why its message is refused: the message counts as taken, and
 * does not come again. Any other error is an `error` event here, and the client learns only that the handler failed.
 *
 * @example
 * ```ts
 * server.on('request', (client, { text }) => {
 *   if (isFull()) throw new Refusal('The list is full.');
 *   return add(client.id, text);
 * });
 * ```
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** What the client is told. */
  readonly reason: string;

  /**
   * @param reason - A text for the client, of at most 1,024 UTF-16 code units.
   * @throws RangeError if it is longer.
   */
  constructor(reason: string) {
    super(reason);
    if (reason.length > MAX_LENGTH)
      throw new RangeError(`A refusal has a reason of at most ${MAX_LENGTH} characters.`);
    this.reason = reason;
  }
}

/**
 * Throw it in a `message` handler that cannot take the message now, such as while a database is away: the client is closed with
 * 1013, comes back later, and sends the message again, with the same number. In a `request` handler it is a refusal.
 */
export class Later extends Error {
  override readonly name = 'Later';

  constructor(reason = 'Try again later.') {
    super(reason);
  }
}
