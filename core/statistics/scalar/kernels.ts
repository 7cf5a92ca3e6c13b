import type { Kernels } from '../accumulators/kernel.ts'
import { isCounted, isFloat } from '../accumulators/keys.ts'
import { ScalarColumns } from './columns.ts'
import { CountedKernel } from './counted.ts'
import { FloatKernel } from './floats.ts'
import { IntegerKernel } from './integers.ts'
import { ScalarSurvey } from './survey.ts'

/** Kernels in JavaScript, an element at a time: for runtimes whose WebAssembly has no SIMD, and to test the others with. */
export const scalarKernels: Kernels = {
  tally: (dtype, wanted) => {
    if (isCounted(dtype)) return new CountedKernel(dtype)
    return isFloat(dtype) ? new FloatKernel(dtype, wanted) : new IntegerKernel(dtype, wanted)
  },
  survey: (dtype, survey) => new ScalarSurvey(dtype, survey),
  columns: (dtype, centers) => new ScalarColumns(dtype, centers),
}
