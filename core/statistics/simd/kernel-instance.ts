import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { REGISTERS } from '../accumulators/hyperloglog.ts'
import { BLOCK_BYTES } from '../accumulators/kernel.ts'
import { libraryFolder } from '../../system/library-folder.ts'
import { type WasmGlobal, type WasmModule, WebAssembly } from './webassembly.ts'

/** Kernels in base64, defined by the bundler (electron/build/desktop.ts). */
declare const BUNDLED_KERNELS: string | undefined

function readKernels(): Uint8Array<ArrayBuffer> | null {
  if (typeof BUNDLED_KERNELS === 'string') return Uint8Array.from(Buffer.from(BUNDLED_KERNELS, 'base64'))
  const file = join(libraryFolder(), 'statistics/kernels.wasm')
  return existsSync(file) ? readFileSync(file) : null
}

let compiled: WasmModule | null | undefined

/** Returns the compiled kernels, or null without WebAssembly SIMD. */
export function kernelModule(): WasmModule | null {
  if (compiled !== undefined) return compiled
  const bytes = readKernels()
  compiled = bytes !== null && WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : null
  return compiled
}

/** A kernel with its own memory. */
export class KernelInstance {
  readonly #exports: Readonly<Record<string, unknown>>

  constructor(module: WasmModule) {
    this.#exports = new WebAssembly.Instance(module, {}).exports
  }

  /** Changes with each call that grows the memory. */
  get buffer(): ArrayBuffer {
    return (this.#exports['memory'] as { readonly buffer: ArrayBuffer }).buffer
  }

  get input(): Uint8Array {
    return new Uint8Array(this.buffer, this.at('input'), BLOCK_BYTES)
  }

  /** Returns a copy of the HyperLogLog registers. */
  registers(): Uint8Array {
    return new Uint8Array(this.buffer, this.at('registers'), REGISTERS).slice()
  }

  /** Returns the address of a table. */
  at(name: 'input' | 'counts' | 'registers' | 'sums' | 'squares' | 'ranges' | 'edges' | 'histogram'): number {
    return this.call(`${name}At`) as number
  }

  call(name: string, ...args: (number | bigint | boolean)[]): unknown {
    return (this.#exports[name] as (...args: unknown[]) => unknown)(...args)
  }

  /** Looks a function up once, for frequent calls. */
  functionOf(name: string): (...args: (number | bigint | boolean)[]) => void {
    return this.#exports[name] as (...args: unknown[]) => void
  }

  /** Returns an exported variable; a bigint for 64-bit integers. */
  variable(name: string): number | bigint {
    return (this.#exports[name] as WasmGlobal).value
  }

  /** Returns an exported unsigned 64-bit variable and resets it to 0. */
  take(name: string): bigint {
    const variable = this.#exports[name] as WasmGlobal
    const value = BigInt.asUintN(64, variable.value as bigint)
    variable.value = 0n
    return value
  }
}
