import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Plugin } from 'vite'
import { buildDesktop } from '../../electron/build/desktop.ts'
import { buildWindow } from '../../electron/build/window.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')

/** Where the app that Electron 9 runs is built. Inside the project, so that `better-sqlite3` is found. */
export const APP = path.join(ROOT, 'node_modules/.cache/electron9')

/** Writes out `inset`, which Chromium knows from 87 on and Lightning CSS lowers only without `var()`. */
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

/** Where a packed app starts: it can't be given `-r`, so it loads the shims itself. */
const PACKED_MAIN = `'use strict'
const path = require('path')
for (const file of ['shims/electron9.js', 'worker-names.cjs']) require(path.join(process.resourcesPath, file))
require('./dist/main/main.cjs')
`

const readPackage = (): Record<string, unknown> =>
  JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as Record<string, unknown>

/** Puts the polyfills before everything else that the window loads. */
const polyfills: Plugin = {
  name: 'electron9-polyfills',
  enforce: 'pre',
  transform(code, id) {
    const file = path.join(import.meta.dirname, 'polyfill-page.mjs')
    return id === path.join(ROOT, 'renderer/main.tsx') ? `import ${JSON.stringify(file)}\n${code}` : null
  },
}

/** Electron 9's contextBridge makes `{}` of a File on its way to the preload script; its File still has the path itself. */
const droppedFiles: Plugin = {
  name: 'electron9-dropped-files',
  transform: (code, id) =>
    id === path.join(ROOT, 'renderer/bridge/electron.ts') ? code.replace('api.pathForFile(file)', 'file.path') : null,
}

/** The product's own sources, built for Node 12 and Chromium 83. */
export async function buildForElectron9(): Promise<void> {
  rmSync(APP, { recursive: true, force: true })
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
