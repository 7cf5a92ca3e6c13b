import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compileKernels } from './build-kernels.ts'

test('kernels.wasm is identical to what the compiler makes of the sources', async () => {
  expect(Buffer.compare(await compileKernels(), readFileSync(join(import.meta.dirname, 'kernels.wasm')))).toBe(0)
})
