import type { Kernels } from '../accumulators/kernel.ts'
import { isCounted, isFloat } from '../accumulators/keys.ts'
import { ScalarColumns } from '../scalar/columns.ts'
import { hasColumns, SimdColumns } from './columns.ts'
import { CountedKernel } from './counted.ts'
import { FloatKernel } from './floats.ts'
import { kernelModule } from './instance.ts'
import { IntegerKernel } from './integers.ts'
import { SimdSurvey } from './survey.ts'

/** Kernels in WebAssembly with SIMD; null where that is not to be had. */
export function simdKernels(): Kernels | null {
  const module = kernelModule()
  if (module === null) return null
  return {
    tally: (dtype, wanted) => {
      if (isCounted(dtype)) return new CountedKernel(module, dtype)
      return isFloat(dtype) ? new FloatKernel(module, dtype, wanted) : new IntegerKernel(module, dtype, wanted)
    },
    survey: (dtype, survey) => new SimdSurvey(module, dtype, survey),
    columns: (dtype, centers) =>
      hasColumns(dtype) ? new SimdColumns(module, dtype, centers) : new ScalarColumns(dtype, centers),
  }
}
