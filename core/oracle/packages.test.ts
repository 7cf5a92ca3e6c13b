import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packStore } from '../packages/pack.ts'
import { CountingControl, storePath, treeOf } from '../packages/test-support/counting-control.ts'
import { unpackFile } from '../packages/unpack.ts'
import { verifyFile } from '../packages/verify.ts'
import { noOracle, runPython } from './python.ts'
import { seed } from './random.ts'
import { scratchFolder } from './scratch.ts'

/** Real NumPack and we unpack each other's packages, with and without zstandard (ORACLE_SEED repeats a run). */

const RANDOM_STORES = 12
const FIXTURES = ['dtypes', 'shapes', 'names', 'deleted', 'revived', 'segmented', 'empty', 'library']
const KINDS = [
  { name: 'v1-zstd', version: 1, compression: true },
  { name: 'v1-raw', version: 1, compression: false },
  { name: 'v2-zstd', version: 2, compression: true },
  { name: 'v2-raw', version: 2, compression: false },
] as const

interface Answer {
  files: string[]
  loaded: Record<string, string | null>
}

const folder = scratchFolder()
const inFolder = (...names: string[]): string => join(folder.path, ...names)
let stores: string[] = []

function numpack(command: string, jobs: object[]): Answer[] {
  const file = inFolder(`${command}.json`)
  writeFileSync(file, JSON.stringify(jobs))
  return JSON.parse(runPython('packages.py', command, file)) as Answer[]
}

/** Packages contain segmented arrays joined, because NumPack would omit the segment list. */
const segmentedArrays = (store: string): string[] =>
  readdirSync(store).flatMap(file => (file.endsWith('.npkseg') ? [file.slice('data_'.length, -'.npkseg'.length)] : []))

beforeAll(() => {
  if (noOracle !== null) return
  mkdirSync(inFolder('stores'))
  for (const name of FIXTURES) {
    cpSync(storePath(`${name}.npk`), inFolder('stores', `${name}.npk`), { recursive: true })
  }
  runPython('generate_stores.py', inFolder('random'), seed, RANDOM_STORES)
  for (const name of readdirSync(inFolder('random'))) {
    cpSync(inFolder('random', name), inFolder('stores', `random-${name}`), { recursive: true })
  }
  stores = readdirSync(inFolder('stores')).filter(name =>
    readdirSync(inFolder('stores', name)).includes('metadata.npkm'),
  )
}, 120_000)

afterAll(() => folder[Symbol.dispose]())

test(`NumPack unpacks our packages and reads the same arrays (ORACLE_SEED=${seed})`, async ctx => {
  if (noOracle !== null) ctx.skip(noOracle)
  const jobs: { package: string; target: string; store: string }[] = []
  for (const store of stores) {
    for (const { name, version, compression } of KINDS) {
      const target = inFolder('ours', `${store}-${name}.npkg`)
      const job = { source: inFolder('stores', store), target, compression, version, overwrite: false, verify: true }
      await packStore(job, new CountingControl())
      jobs.push({ package: target, target: inFolder('unpacked', `${store}-${name}.npk`), store })
    }
  }
  const answers = numpack('unpack', jobs)
  cpSync(inFolder('stores'), inFolder('copies'), { recursive: true })
  const originals = new Map(
    numpack(
      'load',
      stores.map(store => ({ target: inFolder('copies', store) })),
    ).map((answer, i) => [stores[i], answer.loaded]),
  )
  expect(answers.length).toBe(stores.length * KINDS.length)
  expect(stores.length).toBeGreaterThanOrEqual(FIXTURES.length + RANDOM_STORES)
  for (const [i, { files, loaded }] of answers.entries()) {
    const { store } = jobs[i]!
    const segmented = segmentedArrays(inFolder('stores', store))
    const original = readdirSync(inFolder('stores', store)).filter(file => /^(metadata\.npkm|.*\.npk[bd])$/s.test(file))
    expect(files).toEqual([...original, ...segmented.map(name => `data_${name}.npkd`)].sort())
    const readable = Object.entries(originals.get(store)!).filter(([, hash]) => hash !== null)
    expect([store, loaded]).toEqual([store, expect.objectContaining(Object.fromEntries(readable))])
  }
})

test.for<[string, string, boolean]>([
  ['with zstandard', 'pack', true],
  ['without zstandard', 'pack-without-zstandard', true],
  ['uncompressed', 'pack', false],
])(
  `packages that NumPack packs %s unpack to the same files (ORACLE_SEED=${seed})`,
  async ([name, command, compression], ctx) => {
    if (noOracle !== null) ctx.skip(noOracle)
    const jobs = stores.map(store => ({
      source: inFolder('stores', store),
      target: inFolder(`theirs ${name}`, `${store}.npkg`),
      compression,
    }))
    numpack(command, jobs)
    const codecs = new Set<string>()
    for (const { source, target } of jobs) {
      const report = await verifyFile({ source: target, sha256: false }, new CountingControl())
      expect([report.fault, report.missingArrays.toSorted()]).toEqual([null, segmentedArrays(source).toSorted()])
      for (const { codec } of report.files) codecs.add(codec)
      const unpacked = `${target}.npk`
      await unpackFile({ source: target, target: unpacked, overwrite: false, verify: true }, new CountingControl())
      const packed = Object.entries(treeOf(source)).filter(([file]) => /^[^/\\]*\.npk[bdm]$/s.test(file))
      expect(treeOf(unpacked)).toEqual(Object.fromEntries(packed))
    }
    expect([...codecs].filter(codec => codec !== 'raw')).toEqual(
      compression ? [command === 'pack' ? 'zstd' : 'zlib'] : [],
    )
  },
)

test('a package of plain NumPack that NumPack with zstandard cannot read is read', async ctx => {
  if (noOracle !== null) ctx.skip(noOracle)
  const target = inFolder('plain.npkg')
  numpack('pack-without-zstandard', [{ source: inFolder('stores', 'library.npk'), target, compression: true }])
  expect(() => numpack('unpack', [{ package: target, target: inFolder('by-numpack.npk') }])).toThrow(/failed/)
  await unpackFile(
    { source: target, target: inFolder('plain.npk'), overwrite: false, verify: true },
    new CountingControl(),
  )
  expect(treeOf(inFolder('plain.npk'))).toEqual(treeOf(storePath('library.npk')))
})
