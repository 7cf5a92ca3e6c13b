/** Node 22 has no `Float16Array`. Only there, it comes from a package. */
function loadFloat16Array(): Float16ArrayConstructor {
  const { createRequire } = process.getBuiltinModule('node:module')
  return (createRequire(import.meta.url)('@petamoriken/float16') as typeof globalThis).Float16Array
}

export const Float16Array: Float16ArrayConstructor =
  (globalThis as Partial<typeof globalThis>).Float16Array ?? loadFloat16Array()

/** As `ArrayBuffer.isView`, which knows no `Float16Array` of a package. */
export const isArrayBufferView = (value: unknown): value is NodeJS.ArrayBufferView =>
  ArrayBuffer.isView(value) || value instanceof Float16Array
