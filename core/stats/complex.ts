import type { DType } from '../format/dtype.ts'
import { typedArrayOf } from '../format/elements.ts'
import type { Block } from './blocks.ts'
import type { Findings, Pass } from './findings.ts'
import { BLOCK_BYTES } from './kernel.ts'

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
function joined(components: readonly Findings[]): Findings {
  const tallies = components.flatMap(findings => (findings.kind === 'tally' ? findings.tallies : []))
  if (tallies.length > 0) return { kind: 'tally', tallies }
  return { kind: 'survey', counts: components.flatMap(findings => (findings.kind === 'survey' ? findings.counts : [])) }
}
