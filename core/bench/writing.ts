import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NDArray } from '../array/ndarray.ts'
import { NumPack } from '../storage/numpack.ts'
import { slice } from '../array/selection.ts'
import { run } from './command.ts'
import {
  atLeast,
  type Bench,
  duration,
  type Figure,
  type Goal,
  interleave,
  rate,
  seconds,
  xorshift,
} from './harness.ts'

const ROUNDS = 7
const COLUMNS = 100
/** 256 MB of float32. */
const ROWS = 640_000
const BYTES = ROWS * COLUMNS * 4
const REPLACED = 10_000
const NARROW_ROWS = 10_000_000
const DROPPED = NARROW_ROWS / 100

function scattered(count: number, below: number): number[] {
  const random = xorshift(17)
  const rows = new Set<number>()
  while (rows.size < count) rows.add(random() % below)
  return [...rows]
}

function secondsAfterSync(work: () => void): number {
  spawnSync('sync')
  return seconds(work)
}

const changed = (path: string, work: (npk: NumPack) => void): number => secondsAfterSync(() => NumPack.with(path, work))

/** Contestants depend on each other in this order: a round begins with a new store. */
export function writing({ folder, comparator, numpack }: Bench): Figure[] {
  const random = xorshift(3)
  const array = NDArray.zeros([ROWS, COLUMNS], 'float32')
  for (let i = 0; i < array.size; i++) array.data[i] = random() % 1000
  const values = NDArray.zeros([REPLACED, COLUMNS], 'float32')
  const replaced = scattered(REPLACED, ROWS)
  const dropped = scattered(DROPPED, NARROW_ROWS)
  const own = join(folder, 'writing')
  mkdirSync(own)
  const [store, narrow, copy] = [join(own, 'x.npk'), join(own, 'narrow.npk'), join(own, 'copy')] as const
  const source = join(own, 'source')
  writeFileSync(source, new Uint8Array(array.data.buffer, 0, (BYTES * 7) / 8))
  NumPack.with(narrow, npk => npk.save({ x: NDArray.zeros([NARROW_ROWS, 1], 'float32') }))
  const copied = (...command: [string, ...string[]]): number => {
    rmSync(copy, { force: true })
    return secondsAfterSync(() => run(...command))
  }
  const inC =
    (...question: (string | number)[]) =>
    (): number => {
      spawnSync('sync')
      return comparator?.seconds(...question) ?? Number.NaN
    }
  let imul = Number.NaN
  let theirs: Record<string, number> = {}
  const spent = interleave(ROUNDS, {
    save: () => {
      rmSync(store, { recursive: true, force: true })
      return changed(store, npk => npk.save({ x: array }))
    },
    dd: () => copied('dd', 'if=/dev/zero', `of=${copy}`, 'bs=1M', `count=${Math.round(BYTES / 2 ** 20)}`, 'conv=fsync'),
    append: () => changed(store, npk => npk.append({ x: array })),
    replace: () => changed(store, npk => npk.replace({ x: values }, replaced)),
    drop: () => {
      NumPack.with(narrow, npk => npk.restore('x'))
      return changed(narrow, npk => npk.drop('x', dropped))
    },
    cReplace: inC('overwrite', join(store, 'data_x.npkd'), COLUMNS * 4, REPLACED, 17),
    cDrop: inC('replace', join(own, 'bits'), NARROW_ROWS / 8),
    imulSynced: () => {
      NumPack.with(store, npk => npk.save({ x: array }))
      return changed(store, npk =>
        npk.writableBatchMode(batch => {
          imul = seconds(() => void batch.load('x').imul(1.5))
        }),
      )
    },
    imul: () => imul,
    update: () => {
      NumPack.with(store, npk => npk.drop('x', slice(null, null, 8)))
      return changed(store, npk => npk.update('x'))
    },
    cp: () => copied('cp', source, copy),
    cpSynced: () => copied('sh', '-c', 'cp "$1" "$2" && sync "$2"', 'sh', source, copy),
    numpack: () => {
      rmSync(copy, { force: true })
      theirs = numpack?.('writing', own, `${ROWS}`, `${COLUMNS}`, `${REPLACED}`, `${NARROW_ROWS}`, `${DROPPED}`) ?? {}
      return theirs['save'] ?? Number.NaN
    },
    ...Object.fromEntries(
      [
        'saveSynced',
        'append',
        'appendSynced',
        'replace',
        'replaceSynced',
        'drop',
        'dropSynced',
        'imul',
        'imulSynced',
      ].map(name => [`numpack ${name}`, () => theirs[name] ?? Number.NaN]),
    ),
  }) as Record<string, number>
  rmSync(own, { recursive: true })
  const figure = (
    what: string,
    ours: string,
    other: string,
    name: string,
    limit: number | null,
    bytes?: number,
  ): Figure => {
    const [value, beside] = [spent[ours]!, spent[other]!]
    const show = (figure: number): string => (bytes === undefined ? duration(figure) : rate(bytes / figure))
    const isKnown = !Number.isNaN(beside)
    const goal: Goal | null = limit === null ? null : atLeast(limit, 'x')
    return {
      what,
      value: show(value),
      beside: isKnown ? `${name} ${show(beside)}` : '',
      measured: isKnown ? beside / value : null,
      goal,
    }
  }
  return [
    figure('save 256 MB', 'save', 'numpack', 'NumPack (unsynced)', 1.2, BYTES),
    figure('save 256 MB', 'save', 'numpack saveSynced', 'NumPack and sync', null, BYTES),
    figure('save 256 MB', 'save', 'dd', 'dd conv=fsync', 0.8, BYTES),
    figure('append 256 MB', 'append', 'numpack append', 'NumPack (unsynced)', 1.2, BYTES),
    figure('append 256 MB', 'append', 'numpack appendSynced', 'NumPack and sync', null, BYTES),
    figure('append 256 MB', 'append', 'dd', 'dd conv=fsync', 0.8, BYTES),
    figure('drop 1 % of 10 million rows', 'drop', 'numpack drop', 'NumPack (unsynced)', 5),
    figure('drop 1 % of 10 million rows', 'drop', 'numpack dropSynced', 'NumPack and sync', null),
    figure('drop 1 % of 10 million rows', 'drop', 'cDrop', 'C write and fsync of as many bits', null),
    figure('replace 10,000 scattered rows of 400 bytes', 'replace', 'numpack replace', 'NumPack (unsynced)', 2),
    figure('replace 10,000 scattered rows of 400 bytes', 'replace', 'numpack replaceSynced', 'NumPack and sync', null),
    figure('replace 10,000 scattered rows of 400 bytes', 'replace', 'cReplace', 'C pwrite and fsync of as many', null),
    figure('update of 256 MB, one row in eight deleted', 'update', 'cp', 'cp of 224 MB', 0.6, (BYTES * 7) / 8),
    figure('update of 256 MB, one row in eight deleted', 'update', 'cpSynced', 'cp and sync', null, (BYTES * 7) / 8),
    figure('imul of 256 MB float32', 'imul', 'numpack imul', 'NumPy memmap', 0.5, BYTES),
    figure(
      'imul of 256 MB float32, on the disk',
      'imulSynced',
      'numpack imulSynced',
      'NumPy memmap, flush',
      0.5,
      BYTES,
    ),
  ]
}
