import type { DType } from '../format/dtype.ts'
import { typedArrayOf } from '../format/elements.ts'
import type { Block } from './blocks.ts'
import type { Findings, Pass } from './findings.ts'
import { BLOCK_BYTES } from './accumulators/kernel.ts'

/** A pass over complex numbers: |z| and the angle of z, as float64, go to passes of their own. */
export function complexPass(dtype: DType, magnitudes: Pass, angles: Pass): Pass {
  const input = new Uint8Array(BLOCK_BYTES)
  const elements = new (typedArrayOf(dtype))(input.buffer, 0, BLOCK_BYTES / typedArrayOf(dtype).BYTES_PER_ELEMENT)
  const components = [
    { of: magnitude, pass: magnitudes },
    { of: angle, pass: angles },
  ]
  const take = (block: Block): void => {
    const count = block.rows * block.width
    for (const { of, pass } of components) {
      const memory = pass.memory()
      const values = new Float64Array(memory.buffer, memory.byteOffset, count)
      for (let i = 0; i < count; i++) values[i] = of(elements[2 * i] as number, elements[2 * i + 1] as number)
      pass.take(block)
    }
  }
  return { memory: () => input, take, findings: () => joined(components.map(({ pass }) => pass.findings())) }
}

/** As `numpy.abs`. */
const magnitude = (re: number, im: number): number => Math.hypot(re, im)

/** As `numpy.angle`. */
const angle = (re: number, im: number): number => Math.atan2(im, re)

/** The findings about components as those about one array. */
function joined([a, b]: readonly Findings[]): Findings {
  if (a?.kind === 'tally' && b?.kind === 'tally') return { kind: 'tally', tallies: [...a.tallies, ...b.tallies] }
  if (a?.kind === 'survey' && b?.kind === 'survey') return { kind: 'survey', counts: [...a.counts, ...b.counts] }
  if (a?.kind === 'columns' && b?.kind === 'columns') return { kind: 'columns', columns: [...a.columns, ...b.columns] }
  throw new TypeError('findings of different tasks do not join')
}
