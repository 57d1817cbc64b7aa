import { Buffer } from 'node:buffer';

/** How many slots a Redis cluster has. */
const SLOTS = 16_384;

/** Returns the CRC16 of a text (XMODEM), by which Redis spreads keys over slots. */
export function crc16(text: string): number {
  let crc = 0;
  for (const byte of Buffer.from(text)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc & 0x80_00 ? 0x1_10_21 : 0);
  }
  return crc;
}

/** Returns the slot of a key or channel: that of its hash tag, if it has one. */
export function slotOf(name: string): number {
  const [, tag = name] = /^[^{]*\{([^}]+)\}/.exec(name) ?? [];
  return crc16(tag) % SLOTS;
}
