import type { Kernels } from './accumulators/kernel.ts'
import { scalarKernels } from './scalar/kernels.ts'
import { simdKernels } from './simd/kernels.ts'

/** The fastest kernels that this runtime can have. */
export const kernels = (): Kernels => simdKernels() ?? scalarKernels
