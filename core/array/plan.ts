/**
 * Copies elements between an array and a result, in units (units.ts): nested loops, outermost first, around a copy of
 * `blockUnits` contiguous units. A block starts at `base` plus the loops' offsets in the array, and at the sum of their
 * result offsets in the result.
 */
export interface Plan {
  readonly base: number
  readonly loops: readonly Loop[]
  readonly blockUnits: number
}

/**
 * One loop of a plan. Iteration i adds `offset + i * stride` to the position in the array, or `offsets[i]` if there is a
 * list, and `i * resultStride` or `resultOffsets[i]` to the position in the result.
 */
export interface Loop {
  readonly count: number
  readonly offset: number
  readonly stride: number
  readonly offsets: Float64Array | null
  readonly resultStride: number
  readonly resultOffsets: Float64Array | null
}

export const stridedLoop = (count: number, offset: number, stride: number, resultStride: number): Loop => ({
  count,
  offset,
  stride,
  offsets: null,
  resultStride,
  resultOffsets: null,
})

export const listedLoop = (offsets: Float64Array, resultStride: number): Loop => ({
  count: offsets.length,
  offset: 0,
  stride: 0,
  offsets,
  resultStride,
  resultOffsets: null,
})

export const offsetOf = (loop: Loop, i: number): number =>
  loop.offsets === null ? loop.offset + i * loop.stride : (loop.offsets[i] as number)

export const resultOffsetOf = (loop: Loop, i: number): number =>
  loop.resultOffsets === null ? i * loop.resultStride : (loop.resultOffsets[i] as number)

/** Returns an equal plan with fewer loops: adjacent blocks become one, and a single iteration needs no loop. */
export function simplify(plan: Plan): Plan {
  let { base, blockUnits } = plan
  const loops = [...plan.loops]
  for (let inner = loops.at(-1); inner !== undefined; inner = loops.at(-1)) {
    if (!isSingle(inner) && !isContiguous(inner, blockUnits)) break
    base += offsetOf(inner, 0)
    blockUnits *= inner.count
    loops.pop()
  }
  for (const loop of loops) if (isSingle(loop)) base += offsetOf(loop, 0)
  return { base, loops: loops.filter(loop => !isSingle(loop)), blockUnits }
}

const isSingle = (loop: Loop): boolean => loop.count === 1 && loop.resultOffsets === null

const isContiguous = ({ offsets, stride, resultOffsets, resultStride }: Loop, blockUnits: number): boolean =>
  offsets === null && stride === blockUnits && resultOffsets === null && resultStride === blockUnits

/** Reorders a loop by ascending offset in the array. Each iteration keeps its offset in the result. */
export function sortByOffset(loop: Loop): Loop {
  const { offsets, count } = loop
  if (offsets === null) {
    if (loop.stride >= 0) return loop
    const resultOffsets = Float64Array.from({ length: count }, (_, i) => resultOffsetOf(loop, count - 1 - i))
    return { ...loop, offset: loop.offset + (count - 1) * loop.stride, stride: -loop.stride, resultOffsets }
  }
  let sorted = true
  for (let i = 1; i < count && sorted; i++) sorted = (offsets[i - 1] as number) <= (offsets[i] as number)
  if (sorted) return loop
  const order = Uint32Array.from({ length: count }, (_, i) => i).sort(
    (a, b) => (offsets[a] as number) - (offsets[b] as number) || a - b,
  )
  return {
    ...loop,
    offsets: Float64Array.from(order, i => offsets[i] as number),
    resultOffsets: Float64Array.from(order, i => resultOffsetOf(loop, i)),
  }
}
