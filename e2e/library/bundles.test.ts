import { cpSync, mkdirSync, mkdtempSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import * as esbuild from 'esbuild'
import * as vite from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { removeFolder } from '../../core/test-support/remove-folder.ts'
import { installLibrary, packLibrary, PROGRAMS, ROOT, run } from './installed-library.ts'

/** core/README.md says what bundlers need; these tests do just that. */

const WEBPACK = process.env['WEBPACK']

let folder = ''
let project = ''
let entry = ''

beforeAll(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'numpack-bundles-')))
  project = path.join(folder, 'project')
  installLibrary(packLibrary(folder), project)
  entry = path.join(project, 'uses-threads.mjs')
  cpSync(path.join(PROGRAMS, 'uses-threads.mjs'), entry)
})
afterAll(() => removeFolder(folder))

const use = (bundle: string): unknown => {
  const { status, stdout, stderr } = run(process.execPath, [bundle, folder], project)
  return status === 0 && stderr === '' ? JSON.parse(stdout) : stderr
}

const ALL_FOUND = {
  mean: 4,
  half: -2,
  first: 2,
  kernels: expect.arrayContaining([statSync(path.join(ROOT, 'core/statistics/kernels.wasm')).size]) as number[],
  statistics: true,
  editing: true,
  packing: true,
  fault: null,
}

test('esbuild bundles the library into an ES module', async () => {
  const outfile = path.join(project, 'esbuild/out.mjs')
  const { warnings } = await esbuild.build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
  })
  expect(warnings).toEqual([])
  expect(use(outfile)).toEqual(ALL_FOUND)
})

test('a bundle runs no code of a folder above it that says that it is the library', async () => {
  const planted = path.join(project, 'planted')
  const outfile = path.join(planted, 'job/out.mjs')
  await esbuild.build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm' })
  mkdirSync(path.join(planted, 'packages'))
  writeFileSync(path.join(planted, 'package.json'), '{ "name": "numpack", "type": "module" }')
  writeFileSync(path.join(planted, 'packages/worker.js'), 'throw new Error("code of the folder above")')
  expect(use(outfile)).toEqual(ALL_FOUND)
})

test('esbuild leaves the library out of a CommonJS bundle', async () => {
  const outfile = path.join(project, 'esbuild/out.cjs')
  const input = { contents: IN_COMMONJS, resolveDir: project }
  await esbuild.build({ stdin: input, outfile, bundle: true, platform: 'node', format: 'cjs', external: ['numpack'] })
  expect(run(process.execPath, [outfile], project)).toEqual({ status: 0, stdout: '3750,48\n', stderr: '' })
})

test('a CommonJS bundle of the library says what to do', async () => {
  const outfile = path.join(project, 'esbuild/whole.cjs')
  const input = { contents: `${IN_COMMONJS}\nnpk.load('embeddings', { lazy: true }).statistics()`, resolveDir: project }
  const options = { bundle: true, platform: 'node', format: 'cjs', logLevel: 'silent' } as const
  await esbuild.build({ stdin: input, outfile, ...options })
  expect(run(process.execPath, [outfile], project).stderr).toContain('Leave it out of the bundle (external)')
})

const IN_COMMONJS = `
  import { NumPack } from 'numpack'
  const npk = NumPack.open('assets/sample.npk', { readOnly: true })
  console.log(npk.getShape('embeddings').join())`

test.each([
  ['leaves the library where it is installed', undefined],
  ['bundles the library', true as const],
])('Vite %s', async (_, noExternal) => {
  const outDir = path.join(project, `vite-${noExternal}`)
  await vite.build({
    root: project,
    configFile: false,
    logLevel: 'error',
    ssr: noExternal === undefined ? {} : { noExternal },
    build: { ssr: entry, outDir, rolldownOptions: { output: { entryFileNames: 'out.mjs' } } },
  })
  expect(use(path.join(outDir, 'out.mjs'))).toEqual(ALL_FOUND)
})

test('webpack bundles the library into an ES module', ctx => {
  const webpack = WEBPACK ?? ctx.skip('WEBPACK names no webpack (CONTRIBUTING.md)')
  const config = {
    mode: 'production',
    target: 'node22',
    entry,
    output: { path: path.join(project, 'webpack'), filename: 'out.mjs', module: true, library: { type: 'module' } },
    experiments: { outputModule: true },
  }
  writeFileSync(
    path.join(project, 'webpack.cjs'),
    `require(${JSON.stringify(createRequire(import.meta.url).resolve(webpack))})(${JSON.stringify(config)}, (error, stats) => {
      if (error) throw error
      process.stdout.write(stats.hasErrors() || stats.hasWarnings() ? stats.toString('errors-warnings') : '')
    })`,
  )
  expect(run(process.execPath, ['webpack.cjs'], project)).toEqual({ status: 0, stdout: '', stderr: '' })
  expect(use(path.join(project, 'webpack/out.mjs'))).toEqual(ALL_FOUND)
})
