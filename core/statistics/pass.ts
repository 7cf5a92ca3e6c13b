import type { DType } from '../format/dtype.ts'
import type { Block } from './blocks.ts'
import { printPass } from './column-prints.ts'
import { complexPass } from './complex.ts'
import type { Pass, Task } from './findings.ts'
import type { Kernels } from './accumulators/kernel.ts'
import type { RealDType } from './accumulators/keys.ts'
import type { Region } from './region.ts'
import type { Survey } from './accumulators/survey.ts'

/** Starts a pass. */
export function startPass(kernels: Kernels, dtype: DType, region: Region, task: Task): Pass {
  if (task.kind === 'prints') return printPass(dtype, region, task.columns)
  if (dtype === 'complex64' || dtype === 'complex128') {
    const component = (number: number): Pass => realPass(kernels, 'float64', region, task, number)
    return complexPass(dtype, component(0), component(1))
  }
  return realPass(kernels, dtype, region, task, 0)
}

type NumberTask = Exclude<Task, { readonly kind: 'prints' }>

/** A pass over real numbers, for component number `component`. */
function realPass(kernels: Kernels, dtype: RealDType, region: Region, task: NumberTask, component: number): Pass {
  const first = ({ row, column }: Block): number => row * region.width + column
  if (task.kind === 'tally') {
    const kernel = kernels.tally(dtype, task.wanted)
    return {
      memory: () => kernel.input,
      take: block => kernel.add(block.rows * block.width, first(block)),
      findings: () => ({ kind: 'tally', tallies: [kernel.tally()] }),
    }
  }
  if (task.kind === 'columns') return columnPass(kernels, dtype, region, task.centers[component] as Float64Array)
  const kernel = kernels.survey(dtype, task.surveys[component] as Survey)
  return {
    memory: () => kernel.input,
    take: block => kernel.add(block.rows * block.width),
    findings: () => ({ kind: 'survey', counts: [kernel.counts()] }),
  }
}

function columnPass(kernels: Kernels, dtype: RealDType, region: Region, centers: Float64Array): Pass {
  const kernel = kernels.columns(dtype, centers)
  return {
    memory: () => kernel.input,
    take: ({ row, column, rows, width }) => {
      const first = row * region.width + column
      const columns = centers.length
      if (width < columns) kernel.add(1, width, column, first, columns)
      else kernel.add((rows * width) / columns, columns, 0, first, columns)
    },
    findings: () => ({ kind: 'columns', columns: [kernel.columns()] }),
  }
}
