/** Mixes the bits of a word: the 32-bit finalizer of MurmurHash3 (Appleby). */
export function fmix32(word: number): number {
  let h = word ^ (word >>> 16)
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return h ^ (h >>> 16)
}
