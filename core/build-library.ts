import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { manualPage } from './cli/manual.ts'

/** `npm run build:library`: compiles the npm package `numpack` into dist/library/, or the folder that it is given. */
const CORE = import.meta.dirname
const ROOT = join(CORE, '..')
const OUT = resolve(process.argv[2] ?? join(ROOT, 'dist/library'))
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc')

const isUsed = process.argv[2] !== undefined && existsSync(OUT) && readdirSync(OUT).length > 0
if (isUsed && !existsSync(join(OUT, 'cli/numpack.mjs'))) {
  process.stderr.write(`${OUT} holds something else than the library. Give a new or an empty folder.\n`)
  process.exit(2)
}
rmSync(OUT, { recursive: true, force: true })
const args = [TSC, '-p', join(CORE, 'tsconfig.library.json'), '--outDir', OUT]
const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' })
if (status !== 0) process.exit(1)

copyFileSync(join(ROOT, 'LICENSE'), join(OUT, 'LICENSE'))
for (const file of ['README.md', 'statistics/kernels.wasm']) copyFileSync(join(CORE, file), join(OUT, file))

mkdirSync(join(OUT, 'man'))
writeFileSync(join(OUT, 'man/numpack.1'), manualPage())

const {
  private: _,
  scripts: __,
  ...manifest
} = JSON.parse(readFileSync(join(CORE, 'package.json'), 'utf8')) as object & Record<'private' | 'scripts', unknown>
const exports = { '.': { types: './index.d.ts', default: './index.js' }, './package.json': './package.json' }
writeFileSync(
  join(OUT, 'package.json'),
  `${JSON.stringify({ ...manifest, man: './man/numpack.1', exports }, null, 2)}\n`,
)
