import type { Loop, Plan } from './plan.ts'
import { resultOffsetOf, offsetOf } from './plan.ts'
import type { Units } from './units.ts'

/** From this many units on, `set` and `copyWithin` beat a loop: a view costs as much as 60 units. */
const LONG_BLOCK = 64

export function copyBlock(source: Units, from: number, target: Units, to: number, length: number): void {
  if (length >= LONG_BLOCK) target.set(source.subarray(from, from + length), to)
  else for (let i = 0; i < length; i++) target[to + i] = source[from + i] as number
}

export function moveDown(units: Units, from: number, to: number, length: number): void {
  if (from === to) return
  if (length >= LONG_BLOCK) units.copyWithin(to, from, from + length)
  else for (let i = 0; i < length; i++) units[to + i] = units[from + i] as number
}

/** Copies the elements of a plan from the array in `source` to the result in `target`; the offsets shift both. */
export function gather(
  source: Units,
  sourceOffset: number,
  target: Units,
  targetOffset: number,
  plan: Plan,
  depth = 0,
): void {
  const { loops, blockUnits } = plan
  const base = depth === 0 ? sourceOffset + plan.base : sourceOffset
  if (depth === loops.length) {
    copyBlock(source, base, target, targetOffset, blockUnits)
    return
  }
  const loop = loops[depth] as Loop
  if (depth < loops.length - 1) {
    for (let i = 0; i < loop.count; i++) {
      gather(source, base + offsetOf(loop, i), target, targetOffset + resultOffsetOf(loop, i), plan, depth + 1)
    }
    return
  }
  const { count, offset, offsets, resultOffsets, resultStride, stride } = loop
  for (let i = 0; i < count; i++) {
    const from = base + (offsets === null ? offset + i * stride : (offsets[i] as number))
    const to = targetOffset + (resultOffsets === null ? i * resultStride : (resultOffsets[i] as number))
    if (blockUnits === 1) target[to] = source[from] as number
    else copyBlock(source, from, target, to, blockUnits)
  }
}

/** Reverses `gather`: copies the result's units into the array. A result stride of 0 repeats a value. */
export function scatter(
  target: Units,
  source: Units,
  plan: Plan,
  targetOffset = plan.base,
  sourceOffset = 0,
  depth = 0,
): void {
  const loop = plan.loops[depth]
  if (loop === undefined) {
    copyBlock(source, sourceOffset, target, targetOffset, plan.blockUnits)
    return
  }
  for (let i = 0; i < loop.count; i++) {
    scatter(target, source, plan, targetOffset + offsetOf(loop, i), sourceOffset + resultOffsetOf(loop, i), depth + 1)
  }
}
