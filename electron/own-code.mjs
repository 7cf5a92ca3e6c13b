import { existsSync, realpathSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

// Plain JavaScript that every Node can parse. Importing it lets this process load no code but the program's own and that
// of the packages installed in its folder. Node and Vite also look in every folder above, where other users may have put
// a package that is optional here, or settings that are code.

const folders = ['../', '../node_modules/']
  .map(path => fileURLToPath(new URL(path, import.meta.url)))
  .filter(path => existsSync(path))
  .map(path => `${pathToFileURL(realpathSync(path)).href}/`)

// Missing in a Node that is too old to run the program.
module.registerHooks?.({
  resolve(specifier, context, next) {
    const found = next(specifier, context)
    if (!found.url.startsWith('file:') || folders.some(folder => found.url.startsWith(folder))) return found
    throw Object.assign(new Error(`${specifier} is not installed with the program.`), { code: 'MODULE_NOT_FOUND' })
  },
})
