import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { scaleCount } from '../test-support/attack-scale.ts'
import { disk } from '../system/files.ts'
import { NumPack } from '../storage/numpack.ts'
import {
  type Described,
  describeModel,
  describeStore,
  type Model,
  type Operation,
  perform,
} from '../storage/test-support/model.ts'
import { sha256 } from './arrays.ts'
import { atomicOperations } from './atomic-operations.ts'
import { noOracle } from './python.ts'
import { randomFrom, seed } from './random.ts'
import { scratchFolder } from './scratch.ts'
import { type NumPackServer, startNumPack } from './server.ts'

/** Set KILLS=2000 for a longer run. */
const KILLS = Number(process.env['KILLS'] ?? scaleCount(500, { min: 200 }))
const AT_ONCE = 4
/** Programs start with the result of 0, 8, 16, ... operations, so that all kinds of operations are interrupted. */
const BEGINNINGS = 16
/** A program is killed within this many operations of its own, and this many milliseconds. */
const OPERATIONS = 8
const MILLISECONDS = 12

const { sync } = disk
beforeAll(() => {
  // The writers sync; the work of the test itself need not survive a power loss.
  disk.sync = () => {}
})
afterAll(() => {
  disk.sync = sync
})

const writer = fileURLToPath(new URL('endless-writer.ts', import.meta.url))

const steps: { readonly operation: Operation; readonly model: Model }[] = []
const source = atomicOperations(seed)

function step(number: number): (typeof steps)[number] {
  while (steps.length < number) steps.push(source.next().value)
  return steps[number - 1]!
}

const stateAfter = (count: number): Described => (count === 0 ? {} : describeModel(step(count).model))

const copyOf = (folder: string, copy: string): void => cpSync(folder, copy, { recursive: true, verbatimSymlinks: true })

const describeFiles = (folder: string): [string, string][] =>
  readdirSync(folder, { withFileTypes: true, recursive: true }).map(entry => {
    const path = join(entry.parentPath, entry.name)
    if (entry.isSymbolicLink()) return [path, readlinkSync(path)]
    return [path, entry.isFile() ? sha256(readFileSync(path)) : 'folder']
  })

function readState(path: string): Described {
  if (existsSync(join(path, 'metadata.npkm'))) return NumPack.with(path, { readOnly: true }, describeStore)
  expect(() => NumPack.open(path, { readOnly: true })).toThrow(expect.objectContaining({ code: 'NOT_A_STORE' }))
  return {}
}

const isTemporary = (file: string): boolean => file.endsWith('.tmp')

/** Returns the numbers of the last completed and the last begun operation. */
async function writeUntilKilled(
  path: string,
  before: number,
  operations: number,
  ms: number,
): Promise<{ done: number; begun: number }> {
  const child = spawn(process.execPath, [writer, path, String(seed), String(before)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const last = { done: before, begun: before }
  const ended = once(child, 'close')
  for await (const line of createInterface(child.stdout)) {
    const [word, number] = line.split(' ') as ['done' | 'begun', string]
    last[word] = Number(number)
    if (word === 'begun' && last.begun === before + operations) {
      await delay(ms)
      child.kill('SIGKILL')
    }
  }
  const [, signal] = (await ended) as [number | null, string | null]
  if (signal !== 'SIGKILL') throw new Error('the writer ended by itself')
  return last
}

interface Found {
  readonly state: 'old' | 'new' | 'same'
  readonly interrupted: boolean
}

/** Replaced rows are scattered: until the next writer comes, NumPack may see some of them old and some new. */
async function judge(
  path: string,
  states: readonly [Described, Described],
  isReplace: boolean,
  numpack: NumPackServer,
): Promise<Found> {
  const before = describeFiles(path)
  const interrupted = before.some(([file]) => isTemporary(file))
  const read = readState(path)
  expect(states).toContainEqual(read)
  expect(describeFiles(path), 'a reader changes nothing').toEqual(before)

  const rawCopy = `${path}-raw`
  copyOf(path, rawCopy)
  const raw = await numpack.ask({ read: rawCopy })
  expect(JSON.stringify(raw), 'NumPack reads every array').not.toContain('Error')
  const allowed = isReplace && interrupted ? [...states, raw] : states
  expect(allowed, 'NumPack before the next writer').toContainEqual(raw)

  {
    using npk = NumPack.open(path)
    npk.save({ after: [1] })
    expect(describeStore(npk)).toEqual({ ...read, after: expect.anything() })
    expect(readdirSync(path).toSorted()).toEqual(filesNeeded(npk))
  }
  const copy = `${path}-copy`
  copyOf(path, copy)
  expect(await numpack.ask({ read: copy }), 'after the next writer').toEqual({ ...read, after: expect.anything() })
  const state = isDeepStrictEqual(states[0], states[1]) ? 'same' : isDeepStrictEqual(read, states[0]) ? 'old' : 'new'
  return { state, interrupted }
}

function filesNeeded(npk: NumPack): string[] {
  const arrays = Object.entries(npk.getMetadata().arrays)
  return [
    '.numpack.lock',
    'metadata.npkm',
    ...arrays.map(([, { dataFile }]) => dataFile),
    ...arrays.flatMap(([name, { deletedRows }]) => (deletedRows > 0 ? [`deleted_${name}.npkb`] : [])),
  ].toSorted()
}

test(
  `${KILLS} writers killed at any moment leave the old or the new state (ORACLE_SEED=${seed})`,
  async ctx => {
    if (noOracle !== null) ctx.skip(noOracle)
    using folder = scratchFolder()
    await using numpack = startNumPack()
    const beginning = (number: number): string => join(folder.path, `beginning-${number}.npk`)
    {
      const path = join(folder.path, 'store.npk')
      using npk = NumPack.open(path)
      for (let number = 0; number < BEGINNINGS; number++) {
        copyOf(path, beginning(number))
        for (let i = 1; i <= OPERATIONS; i++) perform(npk, step(number * OPERATIONS + i).operation)
      }
    }
    const random = randomFrom(seed)
    const found: Found[] = []
    const kinds = new Set<string>()
    let left = KILLS
    const killAndJudge = async (): Promise<void> => {
      while (left-- > 0) {
        const path = join(folder.path, `${left}.npk`)
        const number = random.below(BEGINNINGS)
        copyOf(beginning(number), path)
        const operations = 1 + random.below(OPERATIONS)
        const killed = await writeUntilKilled(path, number * OPERATIONS, operations, random.below(MILLISECONDS))
        const { kind } = step(killed.begun).operation
        if (killed.begun > killed.done) kinds.add(kind)
        found.push(await judge(path, [stateAfter(killed.done), stateAfter(killed.begun)], kind === 'replace', numpack))
        rmSync(path, { recursive: true })
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, killAndJudge))
    expect(found).toHaveLength(KILLS)
    expect(found.filter(({ interrupted }) => interrupted).length).toBeGreaterThan(KILLS / 20)
    expect(found.map(({ state }) => state)).toEqual(expect.arrayContaining(['old', 'new']))
    expect(kinds.size).toBeGreaterThan(4)
  },
  KILLS * 5_000,
)
