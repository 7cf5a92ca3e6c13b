/** What of WebAssembly the kernels need. Its types come with the DOM's, which is not for Node. */

/** Compiled code. */
export type WasmModule = object

interface WasmInstance {
  readonly exports: Readonly<Record<string, unknown>>
}

interface WebAssemblyObject {
  readonly Module: new (bytes: Uint8Array) => WasmModule
  readonly Instance: new (module: WasmModule, imports: object) => WasmInstance
  validate(bytes: Uint8Array): boolean
}

/** An exported variable. */
export interface WasmGlobal {
  value: number | bigint
}

export const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyObject }
