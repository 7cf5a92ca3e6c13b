/**
 * The part of WebAssembly that the kernels use. TypeScript declares it only with the DOM, which Node projects do not
 * include.
 */

export type WasmModule = object

interface WasmInstance {
  readonly exports: Readonly<Record<string, unknown>>
}

interface WebAssemblyObject {
  readonly Module: new (bytes: Uint8Array) => WasmModule
  readonly Instance: new (module: WasmModule, imports: object) => WasmInstance
  validate(bytes: Uint8Array): boolean
}

export interface WasmGlobal {
  value: number | bigint
}

export const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyObject }
