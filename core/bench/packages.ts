import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openPackage, pack, unpack, verifyPackage } from '../packages/index.ts'
import { run } from './command.ts'
import { atLeast, atMost, type Bench, duration, type Figure, type Goal, inTurn, rate, secondsOf } from './harness.ts'
import { makeFloatStore } from './stores.ts'

/** With few rounds, the best one would depend on whether the disk was idle (NumPack's pack: 0.34 to 0.54 GB/s). */
const ROUNDS = 9
const BYTES = 256 * 2 ** 20

const has = (command: string): boolean => spawnSync(command, ['--version']).status === 0

export async function packages({ folder, numpack }: Bench): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const kind of ['noise', 'rounded'] as const) {
    const store = makeFloatStore(folder, `${kind}.npk`, kind, BYTES)
    figures.push(...(await packing(folder, store, kind, numpack)))
    rmSync(store, { recursive: true })
  }
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
    pack: () => secondsOf(() => pack(store, target, overwrite)),
    unpack: () => secondsOf(() => unpack(target, back, overwrite)),
    raw: () => secondsOf(() => pack(store, raw, { ...overwrite, compression: false })),
    cp: () => secondsOf(() => run('cp', data, join(folder, 'copy'))),
    cpSync: () => secondsOf(() => run('sh', '-c', 'cp "$1" "$2" && sync "$2"', 'sh', data, join(folder, 'copy'))),
    zstd: () => (has('zstd') ? secondsOf(() => run('zstd', '-t', '-q', '-T1', frame)) : NaN),
    verify: () => secondsOf(() => verifyPackage(target)),
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

function writeFrame(path: string, frame: string): void {
  const bytes = readFileSync(path)
  const start = 13 + 4 + bytes.readUInt32LE(13) + 16
  writeFileSync(frame, bytes.subarray(start, start + Number(bytes.readBigUInt64LE(start - 8))))
}

function firstRows(path: string): Promise<number> {
  return secondsOf(async () => {
    using opened = await openPackage(path)
    opened.load('a', { lazy: true }).get([0, 1, 2, 3])
  })
}
