/** Returns bytes as text: two hexadecimal digits for each, behind a prefix. */
export const toHex = (bytes: Uint8Array, prefix = ''): string =>
  Array.from(bytes, (byte) => prefix + (byte + 256).toString(16).slice(1)).join('');
