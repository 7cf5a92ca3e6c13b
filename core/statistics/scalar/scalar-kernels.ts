import type { Kernels } from '../accumulators/kernel.ts'
import { isSmallDtype, isFloat } from '../accumulators/sort-keys.ts'
import { ScalarColumns } from './scalar-columns.ts'
import { ScalarPatternKernel } from './scalar-pattern-kernel.ts'
import { ScalarFloatKernel } from './scalar-float-kernel.ts'
import { ScalarIntegerKernel } from './scalar-integer-kernel.ts'
import { ScalarRefinement } from './scalar-refinement.ts'

/**
 * JavaScript kernels, one element at a time: for runtimes without WebAssembly SIMD, and as reference for the SIMD
 * kernels.
 */
export const scalarKernels: Kernels = {
  accumulator: (dtype, wanted) => {
    if (isSmallDtype(dtype)) return new ScalarPatternKernel(dtype)
    return isFloat(dtype) ? new ScalarFloatKernel(dtype, wanted) : new ScalarIntegerKernel(dtype, wanted)
  },
  refinement: (dtype, refinement) => new ScalarRefinement(dtype, refinement),
  columns: (dtype, shifts) => new ScalarColumns(dtype, shifts),
}
