/** Rows per block of the counts: 4 words, so that a lookup counts few words, for 4 bytes of counts in 16 of bitmap. */
const BLOCK_BITS = 128
const BLOCK_WORDS = BLOCK_BITS / 32
/** One in so many active rows has its block noted, so that a row's block is a few steps from there. */
const SAMPLE_ROWS = 1024
/** From so many blocks between two samples on, halving beats walking. */
const MANY_BLOCKS = 32

/** Set bits of a 32-bit word (Hacker's Delight, 5-1). */
function popcount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555)
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/**
 * Place of set bit number `rank` (from 0) in a word that has at least `rank + 1` of them. Without branches, since the
 * processor can't guess them: `up` is all ones where the bit lies in the upper half of what is left.
 */
function selectBit(word: number, rank: number): number {
  const pairs = (word - ((word >>> 1) & 0x55555555)) | 0
  const nibbles = ((pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)) | 0
  const bytes = (nibbles + (nibbles >>> 4)) & 0x0f0f0f0f
  let left = rank
  let base = 0
  let count = (bytes + (bytes >>> 8)) & 0x1f
  let up = ~((left - count) >> 31)
  left -= count & up
  base += 16 & up
  count = (bytes >>> base) & 0xf
  up = ~((left - count) >> 31)
  left -= count & up
  base += 8 & up
  count = (nibbles >>> base) & 0x7
  up = ~((left - count) >> 31)
  left -= count & up
  base += 4 & up
  count = (pairs >>> base) & 0x3
  up = ~((left - count) >> 31)
  left -= count & up
  base += 2 & up
  count = (word >>> base) & 0x1
  return base + (1 & ~((left - count) >> 31))
}

/**
 * Between physical rows (places on disk), active rows (logical numbers) and deleted rows, over a deletion bitmap.
 * Counts per block are made once; every lookup then costs the same at any number of rows.
 */
export class RowMap {
  /** Physical rows. */
  readonly rows: number
  readonly activeRows: number
  readonly #words: Int32Array
  /** Active rows before each block, and all of them at the end. */
  readonly #before: Uint32Array | Float64Array
  /** The block of every SAMPLE_ROWS-th active row. */
  readonly #samples: Uint32Array

  /**
   * `words`: row i is bit `i % 32` of word `i / 32`, 1 = active. Bits after the last row are ignored (and cleared in
   * `words`); rows beyond the words are active.
   */
  constructor(words: Uint32Array, rows: number) {
    this.rows = rows
    const length = Math.min(words.length, Math.ceil(rows / 32))
    this.#words = new Int32Array(words.buffer, words.byteOffset, length)
    const padding = length * 32 - rows
    if (padding > 0) this.#words[length - 1] = (this.#words[length - 1] as number) & (0xffffffff >>> padding)
    this.#before = countActive(this.#words)
    const inWords = this.#before.at(-1) as number
    this.#samples = sampleBlocks(this.#before, inWords)
    this.activeRows = inWords + Math.max(0, -padding)
  }

  get deletedRows(): number {
    return this.rows - this.activeRows
  }

  /** The bitmap's words: row i is bit `i % 32` of word `i / 32`, 1 = active. Rows beyond them are active. */
  get words(): Int32Array {
    return this.#words
  }

  /** Whether a physical row is active. */
  isActive(physical: number): boolean {
    const index = Math.floor(physical / 32)
    if (index >= this.#words.length) return physical < this.rows
    return (((this.#words[index] as number) >>> (physical % 32)) & 1) === 1
  }

  /** How many active rows lie before a physical row (0 to `rows`): the logical row of an active one. */
  rankActive(physical: number): number {
    const words = this.#words
    const index = Math.floor(physical / 32)
    if (index >= words.length) return (this.#before.at(-1) as number) + (physical - words.length * 32)
    const block = Math.floor(index / BLOCK_WORDS)
    let rank = this.#before[block] as number
    for (let i = block * BLOCK_WORDS; i < index; i++) rank += popcount(words[i] as number)
    const bit = physical % 32
    return bit === 0 ? rank : rank + popcount((words[index] as number) & (0xffffffff >>> (32 - bit)))
  }

  /** How many deleted rows lie before a physical row (0 to `rows`). */
  rankDeleted(physical: number): number {
    return physical - this.rankActive(physical)
  }

  /** The physical row of a logical row (0 to `activeRows - 1`). */
  selectActive(logical: number): number {
    const words = this.#words
    const before = this.#before
    const inWords = before[before.length - 1] as number
    if (logical >= inWords) return words.length * 32 + (logical - inWords)
    const sample = Math.floor(logical / SAMPLE_ROWS)
    let block = this.#samples[sample] as number
    const lastBlock = this.#samples[sample + 1] ?? before.length - 2
    if (lastBlock - block > MANY_BLOCKS) block = blockBetween(before, logical, block, lastBlock)
    while ((before[block + 1] as number) <= logical) block++
    let rank = logical - (before[block] as number)
    for (let index = block * BLOCK_WORDS; ; index++) {
      const word = words[index] as number
      const count = popcount(word)
      if (rank < count) return index * 32 + selectBit(word, rank)
      rank -= count
    }
  }

  /** The physical row of deleted row number `deleted` (0 to `deletedRows - 1`). */
  selectDeleted(deleted: number): number {
    const words = this.#words
    const block = this.#blockOfDeleted(deleted)
    let rank = deleted - (block * BLOCK_BITS - (this.#before[block] as number))
    for (let index = block * BLOCK_WORDS; ; index++) {
      const word = ~(words[index] as number)
      const count = popcount(word)
      if (rank < count) return index * 32 + selectBit(word, rank)
      rank -= count
    }
  }

  /** The block of a deleted row. Searches outwards from where it would lie if deleted rows were spread evenly. */
  #blockOfDeleted(deleted: number): number {
    const before = this.#before
    const last = before.length - 1
    const deletedBefore = (block: number) => block * BLOCK_BITS - (before[block] as number)
    let low = Math.floor((deleted / this.deletedRows) * last)
    let high = low + 1
    for (let step = 1; deletedBefore(low) > deleted; step *= 2) {
      high = low
      low = Math.max(0, low - step)
    }
    for (let step = 1; high < last && deletedBefore(high) <= deleted; step *= 2) {
      low = high
      high = Math.min(last, high + step)
    }
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (deletedBefore(middle) <= deleted) low = middle
      else high = middle
    }
    return low
  }

  /** The first active row at or after a physical row; `rows` when there is none. */
  nextActive(physical: number): number {
    return this.#next(physical, 0)
  }

  /** The first deleted row at or after a physical row; `rows` when there is none. */
  nextDeleted(physical: number): number {
    return this.#next(physical, -1)
  }

  /** The first row at or after `physical` whose bit, flipped by `flip`, is set. */
  #next(physical: number, flip: 0 | -1): number {
    const words = this.#words
    let index = Math.floor(physical / 32)
    if (index < words.length) {
      let word = ((words[index] as number) ^ flip) & (0xffffffff << (physical % 32))
      while (word === 0 && ++index < words.length) word = (words[index] as number) ^ flip
      if (word !== 0) return Math.min(this.rows, index * 32 + lowestBit(word))
    }
    return flip === 0 ? Math.min(this.rows, Math.max(physical, words.length * 32)) : this.rows
  }

  /** Physical rows of the active rows `first`, `first + 1`, ... into `out`, until it is full. */
  fillActive(out: Float64Array, first: number): void {
    if (out.length > 0) this.#fill(out, this.selectActive(first), 0)
  }

  /** Physical rows of the deleted rows `first`, `first + 1`, ... into `out`, until it is full. */
  fillDeleted(out: Float64Array, first: number): void {
    if (out.length > 0) this.#fill(out, this.selectDeleted(first), -1)
  }

  #fill(out: Float64Array, start: number, flip: 0 | -1): void {
    const words = this.#words
    const { length } = out
    let filled = 0
    let index = Math.floor(start / 32)
    let mask = 0xffffffff << (start % 32)
    while (filled < length && index < words.length) {
      let word = ((words[index] as number) ^ flip) & mask
      mask = -1
      const base = index * 32
      while (word !== 0 && filled < length) {
        out[filled++] = base + lowestBit(word)
        word &= word - 1
      }
      index++
    }
    for (let row = Math.max(start, index * 32); filled < length; row++) out[filled++] = row
  }
}

/** The last block from `first` to `last` with at most `rank` active rows before it. */
function blockBetween(before: Uint32Array | Float64Array, rank: number, first: number, last: number): number {
  let low = first
  let high = last + 1
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if ((before[middle] as number) <= rank) low = middle
    else high = middle
  }
  return low
}

/** Place of the lowest set bit of a word that isn't 0. */
const lowestBit = (word: number): number => 31 - Math.clz32(word & -word)

/** Active rows before each block. The counts of a block's words are added while they are still in nibbles and bytes. */
function countActive(words: Int32Array): Uint32Array | Float64Array {
  const blocks = Math.ceil(words.length / BLOCK_WORDS)
  const before = words.length * 32 < 2 ** 32 ? new Uint32Array(blocks + 1) : new Float64Array(blocks + 1)
  const wholeBlocks = Math.floor(words.length / BLOCK_WORDS)
  let total = 0
  for (let block = 0; block < wholeBlocks; block++) {
    const start = block * BLOCK_WORDS
    const a = words[start] as number
    const b = words[start + 1] as number
    const c = words[start + 2] as number
    const d = words[start + 3] as number
    const a2 = (a - ((a >>> 1) & 0x55555555)) | 0
    const b2 = (b - ((b >>> 1) & 0x55555555)) | 0
    const c2 = (c - ((c >>> 1) & 0x55555555)) | 0
    const d2 = (d - ((d >>> 1) & 0x55555555)) | 0
    const ab = (a2 & 0x33333333) + ((a2 >>> 2) & 0x33333333) + (b2 & 0x33333333) + ((b2 >>> 2) & 0x33333333)
    const cd = (c2 & 0x33333333) + ((c2 >>> 2) & 0x33333333) + (d2 & 0x33333333) + ((d2 >>> 2) & 0x33333333)
    const bytes = (ab & 0x0f0f0f0f) + ((ab >>> 4) & 0x0f0f0f0f) + (cd & 0x0f0f0f0f) + ((cd >>> 4) & 0x0f0f0f0f)
    const halves = (bytes & 0x00ff00ff) + ((bytes >>> 8) & 0x00ff00ff)
    total += (halves & 0xffff) + (halves >>> 16)
    before[block + 1] = total
  }
  if (wholeBlocks < blocks) {
    for (let i = wholeBlocks * BLOCK_WORDS; i < words.length; i++) total += popcount(words[i] as number)
    before[blocks] = total
  }
  return before
}

function sampleBlocks(before: Uint32Array | Float64Array, activeRows: number): Uint32Array {
  const samples = new Uint32Array(Math.ceil(activeRows / SAMPLE_ROWS))
  let block = 0
  for (let i = 0; i < samples.length; i++) {
    const row = i * SAMPLE_ROWS
    while ((before[block + 1] as number) <= row) block++
    samples[i] = block
  }
  return samples
}
