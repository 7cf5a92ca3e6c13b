import type { Kernels } from '../accumulators/kernel.ts'
import { isSmallDtype, isFloat } from '../accumulators/sort-keys.ts'
import { ScalarColumns } from '../scalar/scalar-columns.ts'
import { hasColumns, SimdColumns } from './simd-columns.ts'
import { SimdPatternKernel } from './simd-pattern-kernel.ts'
import { SimdFloatKernel } from './simd-float-kernel.ts'
import { kernelModule } from './kernel-instance.ts'
import { SimdIntegerKernel } from './simd-integer-kernel.ts'
import { SimdRefinement } from './simd-refinement.ts'

/** Returns WebAssembly SIMD kernels, or null where SIMD is not available. */
export function simdKernels(): Kernels | null {
  const module = kernelModule()
  if (module === null) return null
  return {
    accumulator: (dtype, wanted) => {
      if (isSmallDtype(dtype)) return new SimdPatternKernel(module, dtype)
      return isFloat(dtype) ? new SimdFloatKernel(module, dtype, wanted) : new SimdIntegerKernel(module, dtype, wanted)
    },
    refinement: (dtype, refinement) => new SimdRefinement(module, dtype, refinement),
    columns: (dtype, shifts) =>
      hasColumns(dtype) ? new SimdColumns(module, dtype, shifts) : new ScalarColumns(dtype, shifts),
  }
}
