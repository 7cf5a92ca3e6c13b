import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { main } from 'assemblyscript/asc'

/**
 * `npm run kernels`: compiles kernel/ to kernels.wasm. The result is committed because the engine runs without a build.
 */

/** Compiles kernel/ to WebAssembly. Rejects with the compiler's message. */
export async function compileKernels(): Promise<Uint8Array> {
  let bytes: Uint8Array | null = null
  const options = ['-O3', '--converge', '--runtime', 'stub', '--noAssert', '--enable', 'simd']
  const { error } = await main(
    ['index.ts', '--outFile', 'kernels.wasm', '--baseDir', `${import.meta.dirname}/kernel`, ...options],
    {
      writeFile: (_, contents) => {
        bytes = contents as Uint8Array
      },
    },
  )
  if (error !== null || bytes === null) throw new Error(`the kernels don't compile: ${String(error)}`, { cause: error })
  return bytes
}

if (import.meta.main) writeFileSync(join(import.meta.dirname, 'kernels.wasm'), await compileKernels())
