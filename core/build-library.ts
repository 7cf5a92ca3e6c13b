import { spawnSync } from 'node:child_process'
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** `npm run build:library`: compiles the npm package `numpack` into dist/library/, or the folder that it is given. */
const CORE = import.meta.dirname
const ROOT = join(CORE, '..')
const OUT = resolve(process.argv[2] ?? join(ROOT, 'dist/library'))
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc')

rmSync(OUT, { recursive: true, force: true })
const args = [TSC, '-p', join(CORE, 'tsconfig.library.json'), '--outDir', OUT]
const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' })
if (status !== 0) process.exit(1)

copyFileSync(join(ROOT, 'LICENSE'), join(OUT, 'LICENSE'))
for (const file of ['README.md', 'statistics/kernels.wasm']) copyFileSync(join(CORE, file), join(OUT, file))

const {
  private: _,
  scripts: __,
  ...manifest
} = JSON.parse(readFileSync(join(CORE, 'package.json'), 'utf8')) as object & Record<'private' | 'scripts', unknown>
const exports = { '.': { types: './index.d.ts', default: './index.js' }, './package.json': './package.json' }
writeFileSync(join(OUT, 'package.json'), `${JSON.stringify({ ...manifest, exports }, null, 2)}\n`)
