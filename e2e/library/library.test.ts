import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { removeFolder } from '../../core/test-support/remove-folder.ts'
import { installLibrary, majorOf, NODES, noOlderNode, packLibrary, PROGRAMS, ROOT, run } from './installed-library.ts'
import { runWell, type Tarball } from './installed-library.ts'

const TSC = path.join(ROOT, 'node_modules/typescript/bin/tsc')

let folder = ''
let project = ''
let tarball: Tarball

beforeAll(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'numpack-library-')))
  project = path.join(folder, 'project')
  tarball = packLibrary(folder)
  installLibrary(tarball, project, ['@types/node', 'numpy-ts'])
})
afterAll(() => removeFolder(folder))

const write = (name: string, text: string): void => {
  mkdirSync(path.dirname(path.join(project, name)), { recursive: true })
  writeFileSync(path.join(project, name), text)
}

test('the package holds compiled code, declarations, kernels, a manual page, a README and the licence, and nothing else', () => {
  const others = tarball.contents.filter(file => !/\.(js|mjs|d\.ts|d\.mts)$/.test(file))
  expect(others).toEqual(['LICENSE', 'README.md', 'man/numpack.1', 'package.json', 'statistics/kernels.wasm'])
  const folders = tarball.contents.filter(file => file.includes('/')).map(file => file.replace(/\/.*/, ''))
  expect(new Set(folders)).toEqual(
    new Set(['array', 'cli', 'format', 'man', 'packages', 'statistics', 'storage', 'system']),
  )
  expect(tarball.contents.filter(file => /test|bench|fixture/.test(file))).toEqual([])
})

test('the package needs few others, and none of a window or a server', () => {
  expect(Object.keys(tarball.manifest.dependencies)).toEqual(['@petamoriken/float16', 'better-sqlite3', 'commander'])
  expect(tarball.manifest).not.toHaveProperty('private')
})

test('the sources can not be packed by mistake', () => {
  const { status, stdout, stderr } = run('npm', ['pack', '--dry-run'], path.join(ROOT, 'core'))
  expect([status === 0, stdout + stderr]).toEqual([false, expect.stringContaining('npm run build:library')])
})

test('inside the repository the name numpack leads to the sources', () => {
  expect(realpathSync(fileURLToPath(import.meta.resolve('numpack')))).toBe(path.join(ROOT, 'core/index.ts'))
})

test('an older Node is among those that are tested', ctx => {
  if (noOlderNode !== null) ctx.skip(noOlderNode)
  expect(NODES.map(majorOf)).toContainEqual(expect.stringMatching(/^v22\./))
})

/** Node 22.14 has no zstd. */
const faultIn = (node: string): unknown =>
  majorOf(node).startsWith('v22.14.') ? expect.stringContaining('need Node 22.15 or newer') : null

describe.each(NODES.map(node => [majorOf(node), node]))('Node %s', (_, node) => {
  test('an ES module finds the kernels and the files of threads', () => {
    cpSync(path.join(PROGRAMS, 'uses-threads.mjs'), path.join(project, 'uses-threads.mjs'))
    const { status, stdout, stderr } = run(node, ['uses-threads.mjs', folder], project, node)
    expect([status, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toEqual({
      mean: 4,
      half: -2,
      first: 2,
      kernels: expect.arrayContaining([statSync(path.join(ROOT, 'core/statistics/kernels.wasm')).size]),
      statistics: true,
      editing: true,
      packing: true,
      fault: faultIn(node),
    })
  })

  test.each([
    ['await import', `import('numpack').then(use)`],
    ['require', `use(require('numpack'))`],
  ])('CommonJS loads the library by %s', (name, load) => {
    const file = `${name.replace(' ', '-')}.cjs`
    write(
      file,
      `function use({ NumPack }) {
        const npk = NumPack.open('assets/sample.npk', { readOnly: true })
        console.log(npk.getShape('embeddings').join())
        npk.close()
      }
      ${load}`,
    )
    expect(runWell(node, [file], project, node)).toBe('3750,48\n')
  })

  test('the command numpack reads, packs, describes and verifies a store', () => {
    const numpack = (...args: string[]) => run('npx', ['--no', '--offline', 'numpack', ...args], project, node)
    expect(numpack('--version')).toMatchObject({ status: 0, stdout: `${String(tarball.manifest['version'])}\n` })
    const info = numpack('info', 'assets/sample.npk', '--json')
    expect(JSON.parse(info.stdout)).toMatchObject({ damaged: [] })
    expect(numpack('ls', 'assets/sample.npk').stdout).toMatch(/^float32 .* embeddings$/m)
    expect(JSON.parse(numpack('head', 'assets/sample.npk', 'labels', '-n', '2', '--json').stdout)).toMatchObject({
      rows: [2, 0],
    })
    expect(numpack('stats', 'assets/sample.npk', 'score').stdout).toMatch(/^elements +4,000$/m)
    const packed = numpack('pack', 'assets/sample.npk', 'sample', '--overwrite', '--verify')
    const expected = faultIn(node) === null ? { status: 0, stderr: '' } : { status: 1 }
    expect(packed).toMatchObject(expected)
    expect(numpack('verify', 'sample.npkg')).toMatchObject(expected)
    expect(numpack('info').status).toBe(2)
  })
})

/** What the README's examples take as given. */
const GIVEN = `const path = 'made.npk'
const floats = new Float32Array(8000)
const labels = new Int32Array(1000)
`

const readmeExamples = (): [name: string, text: string][] =>
  ['README.md', 'core/README.md'].flatMap(page =>
    [...readFileSync(path.join(ROOT, page), 'utf8').matchAll(/```ts\n([^]*?)```/g)].map(
      ([, text], i): [string, string] => [`${path.dirname(page)}-readme-${i}`.replace('.-', ''), `${GIVEN}${text}`],
    ),
  )

describe('a strict TypeScript project', () => {
  const strict = {
    strict: true,
    skipLibCheck: false,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    target: 'es2023',
    types: ['node'],
  }

  beforeAll(() => {
    for (const [name, text] of readmeExamples()) write(`readme/${name}.ts`, text)
    cpSync(path.join(ROOT, 'assets/sample.npk'), path.join(project, 'data.npk'), { recursive: true })
    cpSync(path.join(ROOT, 'core/examples'), path.join(project, 'examples'), {
      recursive: true,
      filter: file => !/\.test\.ts$|tsconfig\.json$/.test(file),
    })
  })

  const compile = (name: string, compilerOptions: object, include: string[]): string => {
    write(`tsconfig.${name}.json`, JSON.stringify({ compilerOptions: { ...strict, ...compilerOptions }, include }))
    const { stdout, stderr } = run(process.execPath, [TSC, '-p', `tsconfig.${name}.json`], project)
    return stdout + stderr
  }

  test('every README example compiles with moduleResolution nodenext and runs', () => {
    const options = { module: 'nodenext', outDir: 'compiled', rootDir: 'readme' }
    expect(compile('nodenext', options, ['readme'])).toBe('')
    expect(readmeExamples()).toHaveLength(3)
    for (const node of NODES) {
      for (const [name] of readmeExamples()) {
        removeFolder(path.join(project, 'made.npk'))
        expect(run(node, [`compiled/${name}.js`], project, node)).toEqual({ status: 0, stdout: '', stderr: '' })
      }
    }
  })

  test('every README example and every example of the library compiles with moduleResolution bundler', () => {
    const options = { module: 'preserve', moduleResolution: 'bundler', noEmit: true, allowImportingTsExtensions: true }
    // The declarations of numpy-ts name those of WebAssembly, which come with the DOM's.
    expect(compile('bundler', { ...options, lib: ['esnext', 'dom'] }, ['readme', 'examples'])).toBe('')
  })

  test('a wrong call does not compile', () => {
    write('wrong/wrong.ts', `import { NumPack } from 'numpack'\nNumPack.open(1)\n`)
    const errors = compile('wrong', { module: 'nodenext', noEmit: true }, ['wrong'])
    expect(errors).toMatch(/^wrong\/wrong\.ts\(2,14\): error TS2345/)
  })
})
