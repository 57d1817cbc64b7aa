/** The close codes of the errors that ws finds in what a client sends (its documentation, "WS Error Codes"). */
const CODES: Readonly<Record<string, number>> = {
  WS_ERR_INVALID_UTF8: 1007,
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 1009,
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
  WS_ERR_TOO_MANY_BUFFERED_PARTS: 1008,
};

/** Returns the code and the reason with which ws closes a socket after an error; null if the socket itself failed. */
export function closeOfError(error: Error): readonly [code: number, reason: string] | null {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (code.startsWith('WS_ERR_')) return [CODES[code] ?? 1002, error.message];
  // What cannot be decompressed.
  return code.startsWith('Z_') ? [1007, error.message] : null;
}
