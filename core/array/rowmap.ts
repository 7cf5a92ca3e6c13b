/** Rows per block of counts: 4 words. A lookup counts few words, at 4 bytes of counts per 16 bytes of bitmap. */
const BLOCK_BITS = 128
const BLOCK_WORDS = BLOCK_BITS / 32
/** Interval of the samples, in active rows. A lookup guesses the block of a row from the samples before and after it. */
const SAMPLE_ROWS = 4096
/** Rows per batch of lookups: enough to keep the memory busy, few enough for the first-level cache. */
const ROWS_AT_ONCE = 64

/** Counts set bits of a 32-bit word (Hacker's Delight, 5-1). */
function popcount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555)
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** Returns the position of set bit number `rank`, which must exist. No branches that the processor would mispredict. */
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

/** Maps physical, logical and deleted rows of a bitmap. Every lookup costs the same for any number of rows. */
export class RowMap {
  readonly rows: number
  readonly activeRows: number
  readonly #words: Int32Array
  /** Active rows before each block, and the total at the end. */
  readonly #before: Counts
  /** Physical row of every SAMPLE_ROWS-th active row, and of the last one in the words. */
  readonly #samples: Counts

  /** Row i is bit `i % 32` of word `i / 32`, 1 = active. Clears bits after the last row; rows beyond are active. */
  constructor(words: Uint32Array, rows: number) {
    this.rows = rows
    const length = Math.min(words.length, Math.ceil(rows / 32))
    this.#words = new Int32Array(words.buffer, words.byteOffset, length)
    const padding = length * 32 - rows
    if (padding > 0) this.#words[length - 1] = (this.#words[length - 1] as number) & (0xffffffff >>> padding)
    this.#before = countActive(this.#words)
    const inWords = this.#before.at(-1) as number
    this.#samples = sampleRows(this.#words, this.#before)
    this.activeRows = inWords + Math.max(0, -padding)
  }

  get deletedRows(): number {
    return this.rows - this.activeRows
  }

  get words(): Int32Array {
    return this.#words
  }

  isActive(physical: number): boolean {
    const index = Math.floor(physical / 32)
    if (index >= this.#words.length) return physical < this.rows
    return (((this.#words[index] as number) >>> (physical % 32)) & 1) === 1
  }

  /** Returns the number of active rows before a physical row (0 to `rows`): the logical row of an active one. */
  rankActive(physical: number): number {
    const words = this.#words
    const index = Math.floor(physical / 32)
    if (index >= words.length) return (this.#before.at(-1) as number) + (physical - words.length * 32)
    const block = Math.floor(index / BLOCK_WORDS)
    let rank = this.#before[block] as number
    for (let i = block * BLOCK_WORDS; i < index; i++) rank += popcount(words[i] as number)
    return rank + popcount((words[index] as number) & ~(-1 << (physical & 31)))
  }

  rankDeleted(physical: number): number {
    return physical - this.rankActive(physical)
  }

  selectActive(logical: number): number {
    const words = this.#words
    const before = this.#before
    const inWords = before[before.length - 1] as number
    if (logical >= inWords) return words.length * 32 + (logical - inWords)
    const block = this.#blockOfActive(logical)
    // A 32-bit integer, which V8 cannot infer for a difference of row numbers.
    return selectFrom(words, block * BLOCK_WORDS, (logical - (before[block] as number)) | 0, 0)
  }

  /** Looks up many logical rows, in any order: twice as fast as one by one, because waits for memory overlap. */
  selectActiveAll(logical: Float64Array): Float64Array {
    const words = this.#words
    const before = this.#before
    const lastBlock = Math.floor(words.length / BLOCK_WORDS) - 1
    const physical = new Float64Array(logical.length)
    const atOnce = Math.min(ROWS_AT_ONCE, logical.length)
    const blocks = new Int32Array(atOnce)
    const ranks = new Int32Array(atOnce)
    const firstWords = new Int32Array(atOnce)
    for (let from = 0; from < logical.length; from += ROWS_AT_ONCE) {
      const count = Math.min(atOnce, logical.length - from)
      // For a row beyond the words, the guess NaN is stored as block 0, and the row's rank is beyond that block.
      for (let i = 0; i < count; i++) blocks[i] = Math.min(this.#guessBlock(logical[from + i] as number), lastBlock)
      for (let i = 0; i < count; i++) {
        const block = blocks[i] as number
        // A rank beyond the block stays beyond it in 32 bits.
        ranks[i] = Math.min((logical[from + i] as number) - (before[block] as number), BLOCK_BITS)
        firstWords[i] = words[block * BLOCK_WORDS] as number
      }
      for (let i = 0; i < count; i++) {
        const row = selectInBlock(words, blocks[i] as number, firstWords[i] as number, ranks[i] as number)
        physical[from + i] = row < 0 ? this.selectActive(logical[from + i] as number) : row
      }
    }
    return physical
  }

  /** Returns the block of an active row: the guess if it is right, otherwise by search. */
  #blockOfActive(logical: number): number {
    const before = this.#before
    const guess = this.#guessBlock(logical)
    if ((before[guess] as number) <= logical && logical < (before[guess + 1] as number)) return guess
    const sample = Math.floor(logical / SAMPLE_ROWS)
    const low = Math.floor((this.#samples[sample] as number) / BLOCK_BITS)
    const high = Math.floor((this.#samples[sample + 1] as number) / BLOCK_BITS)
    return blockBetween(before, logical, low, high)
  }

  /** Guesses the block of an active row by interpolation between its two samples. */
  #guessBlock(logical: number): number {
    const sample = Math.floor(logical / SAMPLE_ROWS)
    const low = this.#samples[sample] as number
    const high = this.#samples[sample + 1] as number
    return Math.floor((low + (high - low) * (logical / SAMPLE_ROWS - sample)) / BLOCK_BITS)
  }

  selectDeleted(deleted: number): number {
    const block = this.#blockOfDeleted(deleted)
    const rank = deleted - (block * BLOCK_BITS - (this.#before[block] as number))
    return selectFrom(this.#words, block * BLOCK_WORDS, rank, -1)
  }

  /** Returns the block of a deleted row. Searches outwards from an interpolated guess. */
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

  /** Returns the first active row in [physical, end), else `rows` or a row from `end` on. */
  nextActive(physical: number, end: number = this.rows): number {
    return this.#next(physical, end, 0)
  }

  /** Returns the first deleted row in [physical, end), else `rows` or a row from `end` on. */
  nextDeleted(physical: number, end: number = this.rows): number {
    return this.#next(physical, end, -1)
  }

  /** Returns the first row in [physical, end) whose bit XOR `flip` is 1, otherwise `rows` or a row from `end` on. */
  #next(physical: number, end: number, flip: 0 | -1): number {
    const words = this.#words
    let index = Math.floor(physical / 32)
    if (index < words.length) {
      const lastWord = Math.min(words.length, Math.ceil(end / 32))
      let word = ((words[index] as number) ^ flip) & (0xffffffff << (physical % 32))
      while (word === 0 && ++index < lastWord) word = (words[index] as number) ^ flip
      if (word !== 0) return Math.min(this.rows, index * 32 + lowestBit(word))
      if (index < words.length) return Math.min(this.rows, index * 32)
    }
    return flip === 0 ? Math.min(this.rows, Math.max(physical, words.length * 32)) : this.rows
  }

  /** Calls `visit` for each run [start, stop) of active rows between `first` and `end` (at most `rows`), in order. */
  eachActiveRun(first: number, end: number, visit: (start: number, stop: number) => void): void {
    const words = this.#words
    const lastWord = Math.min(words.length, Math.ceil(end / 32))
    let start = first
    let mask = 0xffffffff << (first % 32)
    for (let index = Math.floor(first / 32); index < lastWord; index++) {
      const base = index * 32
      for (let deleted = ~(words[index] as number) & mask; deleted !== 0; deleted &= deleted - 1) {
        const row = base + lowestBit(deleted)
        if (row >= end) break
        if (row > start) visit(start, row)
        start = row + 1
      }
      mask = -1
    }
    if (start < end) visit(start, end)
  }

  fillActive(out: Float64Array, first: number): void {
    if (out.length > 0) this.#fill(out, this.selectActive(first), 0)
  }

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

type Counts = Uint32Array | Float64Array

const counts = (length: number, words: Int32Array): Counts =>
  words.length * 32 < 2 ** 32 ? new Uint32Array(length) : new Float64Array(length)

/** Returns the row of set bit number `rank` (from 0) in the words from `first` on, each flipped by `flip`. */
function selectFrom(words: Int32Array, first: number, rank: number, flip: 0 | -1): number {
  let left = rank
  for (let index = first; ; index++) {
    const word = (words[index] as number) ^ flip
    const count = popcount(word)
    if (left < count) return index * 32 + selectBit(word, left)
    left -= count
  }
}

/** Returns the row of set bit number `rank` in a block, or -1 if it has fewer. No branches after this check. */
function selectInBlock(words: Int32Array, block: number, firstWord: number, rank: number): number {
  const first = block * BLOCK_WORDS
  const one = popcount(firstWord)
  const two = one + popcount(words[first + 1] as number)
  const three = two + popcount(words[first + 2] as number)
  const all = three + popcount(words[first + 3] as number)
  if (rank < 0 || rank >= all) return -1
  const beyondOne = ~((rank - one) >> 31)
  const beyondTwo = ~((rank - two) >> 31)
  const beyondThree = ~((rank - three) >> 31)
  const before = (one & beyondOne & ~beyondTwo) | (two & beyondTwo & ~beyondThree) | (three & beyondThree)
  const index = first - beyondOne - beyondTwo - beyondThree
  return index * 32 + selectBit(words[index] as number, (rank - before) | 0)
}

/** Returns the last block from `first` to `last` with at most `rank` active rows before it. */
function blockBetween(before: Counts, rank: number, first: number, last: number): number {
  let low = first
  let high = last + 1
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if ((before[middle] as number) <= rank) low = middle
    else high = middle
  }
  return low
}

const lowestBit = (word: number): number => 31 - Math.clz32(word & -word)

/** Counts active rows before each block. Adds the counts of its words while they are in nibbles and bytes. */
function countActive(words: Int32Array): Counts {
  const blocks = Math.ceil(words.length / BLOCK_WORDS)
  const before = counts(blocks + 1, words)
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

function sampleRows(words: Int32Array, before: Counts): Counts {
  const active = before.at(-1) as number
  const samples = counts(Math.ceil(active / SAMPLE_ROWS) + 1, words)
  let block = 0
  for (let i = 0; i * SAMPLE_ROWS < active; i++) {
    while ((before[block + 1] as number) <= i * SAMPLE_ROWS) block++
    samples[i] = selectFrom(words, block * BLOCK_WORDS, i * SAMPLE_ROWS - (before[block] as number), 0)
  }
  samples[samples.length - 1] = words.length * 32 - 1
  return samples
}
