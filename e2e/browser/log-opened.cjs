'use strict'
// Preloaded into the program under test: appends the path of every metadata file that it opens to $OPENED_FILES.
const fs = require('node:fs')
const { syncBuiltinESMExports } = require('node:module')

const { openSync } = fs
fs.openSync = (path, ...options) => {
  const file = String(path)
  if (file.endsWith('metadata.npkm')) fs.appendFileSync(process.env.OPENED_FILES, `${file}\n`)
  return openSync(path, ...options)
}
syncBuiltinESMExports()
