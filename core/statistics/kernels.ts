import type { Kernels } from './accumulators/kernel.ts'
import { scalarKernels } from './scalar/scalar-kernels.ts'
import { simdKernels } from './simd/simd-kernels.ts'

export const kernels = (): Kernels => simdKernels() ?? scalarKernels
