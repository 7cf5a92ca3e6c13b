import { removeFolder } from '../../core/test-support/remove-folder.ts'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Plugin } from 'vite'
import { buildDesktop } from '../../electron/build/desktop.ts'
import { buildWindow } from '../../electron/build/window.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')

/** Inside the project so that `better-sqlite3` is found. */
export const APP = path.join(ROOT, 'node_modules/.cache/electron9')

/** Expands `inset`, which Chromium supports from 87 and Lightning CSS lowers only without `var()`. */
const insets: Plugin = {
  name: 'electron9-insets',
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle))
      if (file.type === 'asset' && file.fileName.endsWith('.css'))
        file.source = String(file.source).replace(/\binset:([^;}]+)/g, (_inset, value: string) => {
          const [top, right = top, bottom = top, left = right] = value.trim().split(/\s+/)
          return `top:${top};right:${right};bottom:${bottom};left:${left}`
        })
  },
}

/** Entry of the packed app, which can't be started with `-r`: it loads the shims itself. */
const PACKED_MAIN = `'use strict'
const path = require('path')
for (const file of ['shims/electron9.js', 'worker-names.cjs']) require(path.join(process.resourcesPath, file))
require('./dist/main/main.cjs')
`

const readPackage = (): Record<string, unknown> =>
  JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as Record<string, unknown>

const polyfills: Plugin = {
  name: 'electron9-polyfills',
  enforce: 'pre',
  transform(code, id) {
    const file = path.join(import.meta.dirname, 'polyfill-page.mjs')
    return id === path.join(ROOT, 'renderer/main.tsx') ? `import ${JSON.stringify(file)}\n${code}` : null
  },
}

/** Electron 9's contextBridge passes a File to the preload script as `{}`; its File has the path itself. */
const droppedFiles: Plugin = {
  name: 'electron9-dropped-files',
  transform: (code, id) =>
    id === path.join(ROOT, 'renderer/bridge/electron.ts') ? code.replace('api.pathForFile(file)', 'file.path') : null,
}

export async function buildForElectron9(): Promise<void> {
  removeFolder(APP)
  mkdirSync(APP, { recursive: true })
  const dist = path.join(APP, 'dist')
  await Promise.all([
    buildDesktop({
      outdir: dist,
      nodeTarget: 'node12',
      chromiumTarget: 'chrome83',
      node: { inject: [path.join(import.meta.dirname, 'polyfill-node.mjs')] },
    }),
    buildWindow(path.join(dist, 'renderer'), {
      plugins: [polyfills, droppedFiles, insets],
      build: { target: 'chrome83', cssTarget: 'chrome83', modulePreload: false, chunkSizeWarningLimit: 2000 },
    }),
  ])
  cpSync(path.join(ROOT, 'assets'), path.join(APP, 'assets'), { recursive: true })
  writeFileSync(path.join(APP, 'electron9-main.js'), PACKED_MAIN)
  const { name, productName, version, main } = readPackage()
  writeFileSync(path.join(APP, 'package.json'), JSON.stringify({ name, productName, version, main }))
}
