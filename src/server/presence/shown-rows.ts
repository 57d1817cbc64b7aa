/** How many rows share an array. An array of its own for each would take 200 bytes more. */
const ROWS = 8;

/** Some rows, one after the other. */
interface Block {
  bits: Uint32Array;
  /** The length of a row, in words of 32 bits. */
  width: number;
}

/**
 * Which of the numbered identities were shown to each watcher: a row of bits for each. With sets of ids, a watcher of 4,000
 * identities took 80 KiB.
 */
export class ShownRows {
  readonly #blocks: Block[] = [];
  readonly #free: number[] = [];
  #count = 0;

  /** Adds a row of zeros. Returns its index. */
  add(): number {
    const row = this.#free.pop();
    if (row !== undefined) {
      this.clear(row);
      return row;
    }
    const block = this.#blocks[this.#count >> 3];
    // The last block has room for 1, 2, 4 and then 8 rows, so that a watcher alone takes one.
    const used = this.#count % ROWS;
    if (!block) this.#blocks.push({ bits: new Uint32Array(0), width: 0 });
    else if ((used & (used - 1)) === 0) resize(block, used * 2, used, block.width);
    return this.#count++;
  }

  /** Lets another watcher have the row. */
  remove(row: number): void {
    this.#free.push(row);
    if (this.#free.length < this.#count) return;
    this.#blocks.length = 0;
    this.#free.length = 0;
    this.#count = 0;
  }

  clear(row: number): void {
    const { bits, width } = this.#blockOf(row);
    const start = (row % ROWS) * width;
    bits.fill(0, start, start + width);
  }

  has(row: number, number: number): boolean {
    const { bits, width } = this.#blockOf(row);
    const word = number >> 5;
    return word < width && ((bits[(row % ROWS) * width + word] ?? 0) & (1 << (number & 31))) !== 0;
  }

  /** @param count - How many identities there are, for a row that must grow. */
  set(row: number, number: number, count: number): void {
    const block = this.#blockOf(row);
    const word = number >> 5;
    if (word >= block.width) {
      const rows = block.width === 0 ? this.#rowsOf(row) : block.bits.length / block.width;
      // At the first time as much as the list needs; later an eighth more, so that many who come cost few copies.
      const room = block.width === 0 ? 1 : 1.125;
      resize(block, rows, rows, Math.ceil((Math.max(count, number + 1) / 32) * room));
    }
    const index = (row % ROWS) * block.width + word;
    block.bits[index] = (block.bits[index] ?? 0) | (1 << (number & 31));
  }

  unset(row: number, number: number): void {
    const { bits, width } = this.#blockOf(row);
    const index = (row % ROWS) * width + (number >> 5);
    bits[index] = (bits[index] ?? 0) & ~(1 << (number & 31));
  }

  #blockOf(row: number): Block {
    return this.#blocks[row >> 3] as Block;
  }

  /** How many rows the block of a row must have: a power of two. */
  #rowsOf(row: number): number {
    const used = Math.min(ROWS, this.#count - (row & ~(ROWS - 1)));
    return 2 ** Math.ceil(Math.log2(used));
  }
}

/** Gives a block another number of rows, and another width. Keeps the first `kept` rows. */
function resize(block: Block, rows: number, kept: number, width: number): void {
  const bits = new Uint32Array(rows * width);
  for (let row = 0; row < kept; row++)
    bits.set(block.bits.subarray(row * block.width, (row + 1) * block.width), row * width);
  block.bits = bits;
  block.width = width;
}
