import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { encodeMetadata } from '../format/metadata.ts'
import { encodeEntryHeader, encodePackageFooter, encodePackageHeader } from '../format/npkg.ts'
import { getPackageInfo, openPackage, pack, unpack, verifyPackage } from '../packages/index.ts'
import {
  atLeast,
  atMost,
  type Bench,
  duration,
  type Figure,
  type Goal,
  lowerQuartile,
  rate,
  xorshift,
} from './harness.ts'

const ROUNDS = 7
const BYTES = 256 * 2 ** 20
/** For the most memory that it takes. */
const LARGE_BYTES = 2 * 2 ** 30
const ENTRIES = 10_000
const COLUMNS = 100

type Contestant = () => Promise<number> | number

/** As `interleave`, for contestants that may be asynchronous. */
async function inTurn<K extends string>(
  rounds: number,
  contestants: Record<K, Contestant>,
): Promise<Record<K, number>> {
  const names = Object.keys(contestants) as K[]
  const figures = new Map<K, number[]>(names.map(name => [name, []]))
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const figure = await contestants[name]()
      if (round > 0) figures.get(name)!.push(figure)
    }
  }
  return Object.fromEntries(names.map(name => [name, lowerQuartile(figures.get(name)!)])) as Record<K, number>
}

async function seconds(work: () => unknown): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

/** A store of one float32 array: noise (hardly compresses), or the same rounded to two digits (compresses to 0.4). */
function makeStore(folder: string, name: string, kind: 'noise' | 'rounded', bytes: number): string {
  const store = join(folder, name)
  mkdirSync(store)
  const random = xorshift(3)
  const rows = Math.floor(bytes / 4 / COLUMNS)
  const chunk = new Float32Array(COLUMNS * 4096)
  const file = openSync(join(store, 'data_a.npkd'), 'w')
  for (let row = 0; row < rows; row += 4096) {
    for (let i = 0; i < chunk.length; i++) {
      const value = (random() + random() + random()) / 2 ** 32 - 1.5
      chunk[i] = kind === 'noise' ? value : Math.round(value * 100) / 100
    }
    writeSync(file, chunk, 0, 4 * COLUMNS * Math.min(4096, rows - row))
  }
  closeSync(file)
  const sizeBytes = rows * COLUMNS * 4
  const record = { name: 'a', dtype: 'float32', shape: [rows, COLUMNS], dataFile: 'data_a.npkd', sizeBytes } as const
  writeFileSync(join(store, 'metadata.npkm'), encodeMetadata([{ ...record, lastModified: 1 }]))
  return store
}

function run(command: string, ...args: string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${stderr}`, { cause: error })
}

const has = (command: string): boolean => spawnSync(command, ['--version']).status === 0

/** Packing, unpacking, verifying and listing, beside NumPack (with zstandard), cp and zstd on the same bytes. */
export async function packages({ folder, numpack }: Bench): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const kind of ['noise', 'rounded'] as const) {
    const store = makeStore(folder, `${kind}.npk`, kind, BYTES)
    figures.push(...(await packing(folder, store, kind, numpack)))
    rmSync(store, { recursive: true })
  }
  figures.push(await listing(folder), ...(await memory(folder)))
  return figures
}

async function packing(folder: string, store: string, kind: string, numpack: Bench['numpack']): Promise<Figure[]> {
  const [target, raw, back] = ['x.npkg', 'raw.npkg', 'back.npk'].map(name => join(folder, name)) as [
    string,
    string,
    string,
  ]
  const frame = join(folder, 'x.zst')
  const data = join(store, 'data_a.npkd')
  const overwrite = { overwrite: true }
  await pack(store, target, overwrite)
  writeFrame(target, frame)
  const theirs = (): Record<string, number> => numpack?.('packages', store, target, folder) ?? {}
  let numpackSpent: Record<string, number> = {}
  const spent = await inTurn(ROUNDS, {
    pack: () => seconds(() => pack(store, target, overwrite)),
    unpack: () => seconds(() => unpack(target, back, overwrite)),
    verify: () => seconds(() => verifyPackage(target)),
    raw: () => seconds(() => pack(store, raw, { ...overwrite, compression: false })),
    cp: () => seconds(() => run('cp', data, join(folder, 'copy'))),
    cpSync: () => seconds(() => run('sh', '-c', 'cp "$1" "$2" && sync "$2"', 'sh', data, join(folder, 'copy'))),
    zstd: () => (has('zstd') ? seconds(() => run('zstd', '-t', '-q', '-T1', frame)) : NaN),
    numpackPack: () => {
      numpackSpent = theirs()
      return numpackSpent['pack'] ?? NaN
    },
    numpackUnpack: () => numpackSpent['unpack'] ?? NaN,
    first: () => firstRows(target),
  })
  const speeds = Object.fromEntries(Object.entries(spent).map(([name, value]) => [name, BYTES / value]))
  const figure = (what: string, ours: string, other: string, name: string, goal: Goal | null): Figure => ({
    what: `${what}, 256 MiB of ${kind} float32`,
    value: rate(speeds[ours]!),
    beside: Number.isNaN(speeds[other]) ? '' : `${name} ${rate(speeds[other]!)}`,
    measured: Number.isNaN(speeds[other]) ? null : speeds[ours]! / speeds[other]!,
    goal,
  })
  for (const path of [target, raw, back, frame, join(folder, 'copy')]) rmSync(path, { recursive: true, force: true })
  return [
    figure('pack with zstd', 'pack', 'numpackPack', 'NumPack', atLeast(1.5, 'x')),
    figure('unpack', 'unpack', 'numpackUnpack', 'NumPack', atLeast(1.5, 'x')),
    figure('pack without compression', 'raw', 'cp', 'cp', atLeast(0.8, 'x')),
    figure('pack without compression', 'raw', 'cpSync', 'cp and sync', null),
    figure('verify', 'verify', 'zstd', 'zstd -t', atLeast(0.9, 'x')),
    {
      what: `first rows of a compressed package after opening it, 256 MiB of ${kind} float32`,
      value: duration(spent.first),
      beside: '',
      measured: spent.first * 1000,
      goal: atMost(300, 'ms'),
    },
  ]
}

/** The frame of a package's first entry, as a file for zstd. */
function writeFrame(path: string, frame: string): void {
  const bytes = readFileSync(path)
  const start = 13 + 4 + bytes.readUInt32LE(13) + 16
  writeFileSync(frame, bytes.subarray(start, start + Number(bytes.readBigUInt64LE(start - 8))))
}

function firstRows(path: string): Promise<number> {
  return seconds(async () => {
    using opened = await openPackage(path)
    opened.load('a', { lazy: true }).get([0, 1, 2, 3])
  })
}

/** Listing a package of 10,000 entries. */
async function listing(folder: string): Promise<Figure> {
  const path = join(folder, 'many.npkg')
  const payload = new Uint8Array(5000)
  const parts: Uint8Array[] = [encodePackageHeader(1, 0, ENTRIES)]
  for (let i = 1; i < ENTRIES; i++) parts.push(encodeEntryHeader(`data_array ${i}.npkd`, payload.length, 0), payload)
  parts.push(encodeEntryHeader('metadata.npkm', 20, 0), encodeMetadata([]), encodePackageFooter(0))
  writeFileSync(path, Buffer.concat(parts))
  const spent = await inTurn(10, {
    info: () =>
      seconds(async () => {
        const { files, fault } = await getPackageInfo(path)
        if (files.length !== ENTRIES || fault !== null) throw new Error('not everything was listed')
      }),
  })
  rmSync(path)
  return {
    what: `listing a package of ${ENTRIES} entries`,
    value: duration(spent.info),
    beside: '',
    measured: spent.info * 1000,
    goal: atMost(50, 'ms'),
  }
}

/** The most memory that packing and unpacking 2 GiB take, each in a process of its own. */
async function memory(folder: string): Promise<Figure[]> {
  const store = makeStore(folder, 'large.npk', 'rounded', LARGE_BYTES)
  const target = join(folder, 'large.npkg')
  const program = fileURLToPath(new URL('packages-once.ts', import.meta.url))
  const once = (...args: string[]): number => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' })
    if (status !== 0) throw new Error(`packages-once.ts failed: ${stderr}`)
    return Number(stdout)
  }
  const most = { pack: once('pack', store, target), unpack: once('unpack', target, join(folder, 'large-back.npk')) }
  for (const name of ['large.npk', 'large.npkg', 'large-back.npk']) rmSync(join(folder, name), { recursive: true })
  return Object.entries(most).map(([operation, bytes]) => ({
    what: `${operation} 2 GiB: most memory of the whole process`,
    value: `${(bytes / 2 ** 20).toFixed(0)} MiB`,
    beside: '',
    measured: bytes / 2 ** 20,
    goal: atMost(150, 'MiB'),
  }))
}
