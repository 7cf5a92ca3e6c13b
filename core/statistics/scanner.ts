import type { DType } from '../format/dtype.ts'
import type { ScanBlock } from './read-blocks.ts'
import { createHashScanner } from './column-hashes.ts'
import { createComplexScanner } from './complex-scanner.ts'
import type { Scanner, ScanTask } from './scan-result.ts'
import type { Kernels } from './accumulators/kernel.ts'
import type { RealDType } from './accumulators/sort-keys.ts'
import type { Region } from './region.ts'
import type { RefinementPass } from './accumulators/refinement-pass.ts'

export function createScanner(kernels: Kernels, dtype: DType, region: Region, task: ScanTask): Scanner {
  if (task.kind === 'hashes') return createHashScanner(dtype, region, task.columns)
  if (dtype === 'complex64' || dtype === 'complex128') {
    const component = (number: number): Scanner => createRealScanner(kernels, 'float64', region, task, number)
    return createComplexScanner(dtype, component(0), component(1))
  }
  return createRealScanner(kernels, dtype, region, task, 0)
}

type NumberTask = Exclude<ScanTask, { readonly kind: 'hashes' }>

/** Creates a scanner for real elements, or for one component of complex ones. */
function createRealScanner(
  kernels: Kernels,
  dtype: RealDType,
  region: Region,
  task: NumberTask,
  component: number,
): Scanner {
  const first = ({ row, column }: ScanBlock): number => row * region.width + column
  if (task.kind === 'accumulator') {
    const kernel = kernels.accumulator(dtype, task.wanted)
    return {
      memory: () => kernel.input,
      take: block => kernel.add(block.rows * block.width, first(block)),
      result: () => ({ kind: 'accumulator', accumulators: [kernel.accumulator()] }),
    }
  }
  if (task.kind === 'columns')
    return createColumnScanner(kernels, dtype, region, task.shifts[component] as Float64Array)
  const kernel = kernels.refinement(dtype, task.passes[component] as RefinementPass)
  return {
    memory: () => kernel.input,
    take: block => kernel.add(block.rows * block.width),
    result: () => ({ kind: 'refinement', counts: [kernel.counts()] }),
  }
}

function createColumnScanner(kernels: Kernels, dtype: RealDType, region: Region, shifts: Float64Array): Scanner {
  const kernel = kernels.columns(dtype, shifts)
  return {
    memory: () => kernel.input,
    take: ({ row, column, rows, width }) => {
      const first = row * region.width + column
      const columns = shifts.length
      if (width < columns) kernel.add(1, width, column, first, columns)
      else kernel.add((rows * width) / columns, columns, 0, first, columns)
    },
    result: () => ({ kind: 'columns', columns: [kernel.columns()] }),
  }
}
