import type { DType } from '../format/dtype.ts'
import { typedArrayOf } from '../format/elements.ts'
import type { ScanBlock } from './read-blocks.ts'
import type { ScanResult, Scanner } from './scan-result.ts'
import { BLOCK_BYTES } from './accumulators/kernel.ts'

/** Creates a scanner for complex elements that passes |z| and the angle of z, as float64, to one scanner each. */
export function createComplexScanner(dtype: DType, magnitudes: Scanner, angles: Scanner): Scanner {
  const input = new Uint8Array(BLOCK_BYTES)
  const elements = new (typedArrayOf(dtype))(input.buffer, 0, BLOCK_BYTES / typedArrayOf(dtype).BYTES_PER_ELEMENT)
  const components = [
    { of: magnitude, scanner: magnitudes },
    { of: angle, scanner: angles },
  ]
  const take = (block: ScanBlock): void => {
    const count = block.rows * block.width
    for (const { of, scanner } of components) {
      const memory = scanner.memory()
      const values = new Float64Array(memory.buffer, memory.byteOffset, count)
      for (let i = 0; i < count; i++) values[i] = of(elements[2 * i] as number, elements[2 * i + 1] as number)
      scanner.take(block)
    }
  }
  return { memory: () => input, take, result: () => joined(components.map(({ scanner }) => scanner.result())) }
}

const magnitude = (re: number, im: number): number => Math.hypot(re, im)

const angle = (re: number, im: number): number => Math.atan2(im, re)

function joined([a, b]: readonly ScanResult[]): ScanResult {
  if (a?.kind === 'accumulator' && b?.kind === 'accumulator')
    return { kind: 'accumulator', accumulators: [...a.accumulators, ...b.accumulators] }
  if (a?.kind === 'refinement' && b?.kind === 'refinement')
    return { kind: 'refinement', counts: [...a.counts, ...b.counts] }
  if (a?.kind === 'columns' && b?.kind === 'columns') return { kind: 'columns', columns: [...a.columns, ...b.columns] }
  throw new TypeError('results of different tasks cannot be joined')
}
