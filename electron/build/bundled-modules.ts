import path from 'node:path'
import type { Plugin } from 'esbuild'

const LOADER = path.resolve(import.meta.dirname, '../main/native-files.ts')

const native = (name: string): string => `loadNative(__dirname, ${name})`

/** Replaces the module with which better-sqlite3 finds its binary when none is passed. */
const SQLITE_BINDING = `
import { readFileSync } from 'node:fs'
import { loadNative } from ${JSON.stringify(LOADER)}
const isMusl = () => {
  try {
    return /\\/ld-musl-[^/\\s]*\\.so/.test(readFileSync('/proc/self/maps', 'latin1'))
  } catch {
    return false
  }
}
let binding
export const getBinding = () => {
  const system = process.platform === 'linux' && isMusl() ? 'linuxmusl' : process.platform
  binding ??= ${native('`better-sqlite3/prebuilds/${system}-${process.arch}.node`')}
  return binding
}
`

/** Replaces `createRequire` in a bundle, which must not load code from outside. */
const NODE_MODULE = `
import node from 'node:module'
import { loadNative } from ${JSON.stringify(LOADER)}
const load = {
  'better-sqlite3': () => require('better-sqlite3'),
  'zstd-napi/binding': () => ${native("'zstd-napi/build/Release/binding.node'")},
}
const bundledRequire = name => {
  if (!Object.hasOwn(load, name)) throw new Error(\`\${name} is not part of this program.\`)
  return load[name]()
}
bundledRequire.resolve = { paths: () => null }
export const createRequire = () => bundledRequire
export default { ...node, createRequire }
`

/** Bundles the JavaScript of native packages; electron/main/native-files.ts loads their binaries. */
export const bundledModules: Plugin = {
  name: 'bundled-modules',
  setup(build) {
    const virtual = (filter: RegExp, name: string, contents: string): void => {
      build.onResolve({ filter }, ({ namespace, importer }) => {
        if (namespace === 'bundled') return undefined
        if (name === 'sqlite-binding' && !/better-sqlite3[\\/]lib[\\/]/.test(importer)) return undefined
        return { path: name, namespace: 'bundled' }
      })
      build.onLoad({ filter: new RegExp(`^${name}$`), namespace: 'bundled' }, () => ({
        contents,
        resolveDir: import.meta.dirname,
      }))
    }
    virtual(/^\.\/binding$/, 'sqlite-binding', SQLITE_BINDING)
    virtual(/^node:module$/, 'node-module', NODE_MODULE)
  },
}
