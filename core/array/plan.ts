/** Step i is at unit `start + i * step` (or `list[i]`) of the array, `i * outStep` (or `outList[i]`) of the result. */
export interface Loop {
  readonly count: number
  readonly start: number
  readonly step: number
  readonly list: Float64Array | null
  readonly outStep: number
  readonly outList: Float64Array | null
}

/** Nested loops, outermost first, over contiguous blocks of `block` units, at `base` plus the steps' positions. */
export interface Plan {
  readonly base: number
  readonly loops: readonly Loop[]
  readonly block: number
}

export const evenLoop = (count: number, start: number, step: number, outStep: number): Loop => ({
  count,
  start,
  step,
  list: null,
  outStep,
  outList: null,
})

export const listLoop = (list: Float64Array, outStep: number): Loop => ({
  count: list.length,
  start: 0,
  step: 0,
  list,
  outStep,
  outList: null,
})

export const placeOf = (loop: Loop, i: number): number =>
  loop.list === null ? loop.start + i * loop.step : (loop.list[i] as number)

export const outPlaceOf = (loop: Loop, i: number): number =>
  loop.outList === null ? i * loop.outStep : (loop.outList[i] as number)

/** Merges inner loops over adjacent blocks into the block, and loops of one step into the base. */
export function simplify(plan: Plan): Plan {
  let { base, block } = plan
  const loops: Loop[] = []
  let outer = plan.loops.length
  for (; outer > 0; outer--) {
    const loop = plan.loops[outer - 1] as Loop
    const joins = loop.list === null && loop.step === block && loop.outStep === block && loop.outList === null
    if (joins || (loop.count === 1 && loop.outList === null)) {
      base += placeOf(loop, 0)
      block *= loop.count
    } else break
  }
  for (const loop of plan.loops.slice(0, outer)) {
    if (loop.count === 1 && loop.outList === null) base += placeOf(loop, 0)
    else loops.push(loop)
  }
  return { base, loops, block }
}

/** Sorts the positions in ascending order; each keeps its own position in the result. */
export function ascending(loop: Loop): Loop {
  const { list, count } = loop
  if (list === null) {
    if (loop.step >= 0) return loop
    const outList = Float64Array.from({ length: count }, (_, i) => outPlaceOf(loop, count - 1 - i))
    return { ...loop, start: loop.start + (count - 1) * loop.step, step: -loop.step, outList }
  }
  let sorted = true
  for (let i = 1; i < count && sorted; i++) sorted = (list[i - 1] as number) <= (list[i] as number)
  if (sorted) return loop
  const order = Uint32Array.from({ length: count }, (_, i) => i).sort(
    (a, b) => (list[a] as number) - (list[b] as number) || a - b,
  )
  return {
    ...loop,
    list: Float64Array.from(order, i => list[i] as number),
    outList: Float64Array.from(order, i => outPlaceOf(loop, i)),
  }
}
