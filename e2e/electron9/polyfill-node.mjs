import fs from 'node:fs'
import { Float16Array } from '@petamoriken/float16'

Object.assign(globalThis, { Float16Array })

for (const name of ['statSync', 'lstatSync']) {
  const original = fs[name]
  fs[name] = (path, options) => {
    try {
      return original(path, options)
    } catch (error) {
      if (options?.throwIfNoEntry === false && ['ENOENT', 'ENOTDIR'].includes(error.code)) return undefined
      throw error
    }
  }
}
