import { removeFolder } from '../test-support/remove-folder.ts'
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { NumPackError } from '../format/errors.ts'
import { scratchFolder } from '../oracle/scratch.ts'
import { reportCounts, scaleCount, scaleTimeout } from '../test-support/attack-scale.ts'
import { NumPack } from '../storage/numpack.ts'
import { mountDisk, NO_DISK } from './disks.ts'

const program = join(import.meta.dirname, 'stubborn-writer.ts')

class Writer {
  readonly lines: string[] = []
  readonly #child: ChildProcessByStdio<null, Readable, Readable>
  readonly #ended: Promise<unknown>
  #errorOutput = ''
  #more: (() => void) | null = null

  constructor(path: string, id: number, count: number, how: 'keep' | 'reopen' = 'reopen') {
    this.#child = spawn(process.execPath, [program, path, String(id), String(count), how], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#ended = once(this.#child, 'close')
    this.#child.stderr.on('data', text => (this.#errorOutput += String(text)))
    createInterface(this.#child.stdout).on('line', line => {
      this.lines.push(line)
      this.#more?.()
    })
  }

  async waitForLines(lines: number): Promise<void> {
    const wanted = this.lines.length + lines
    while (this.lines.length < wanted) {
      const more = new Promise<void>(resolve => (this.#more = resolve))
      await Promise.race([more, this.#ended])
      if (this.#child.exitCode !== null) throw new Error(`the writer ended: ${this.#errorOutput}`)
    }
  }

  async end(): Promise<void> {
    await this.#ended
    expect([this.#child.exitCode, this.#child.signalCode, this.#errorOutput]).toEqual([0, null, ''])
  }

  async kill(): Promise<void> {
    expect([this.#child.exitCode, this.#errorOutput]).toEqual([null, ''])
    this.#child.kill('SIGKILL')
    await this.#ended
  }

  numbers(outcome: 'done' | 'failed'): number[] {
    return this.lines.filter(line => line.startsWith(outcome)).map(line => Number(line.split(' ')[1]))
  }
}

function readArrays(path: string, id: number): { log: readonly number[]; page: number } {
  using npk = NumPack.open(path, { readOnly: true })
  const log = [...(npk.load(`log-${id}`).data as Float64Array)]
  const pages = new Set(npk.load(`page-${id}`).data as Float64Array)
  expect(pages.size, 'values of a page').toBe(1)
  expect(log).toEqual(log.toSorted((a, b) => a - b))
  return { log, page: Math.max(...pages) }
}

function expectDone(path: string, id: number, writer: Writer): void {
  const { log } = readArrays(path, id)
  const done = writer.numbers('done').filter(n => n % 2 === 0)
  expect(log).toEqual(expect.arrayContaining(done))
  const tried = new Set([...done, ...writer.numbers('failed')])
  expect(log.filter(n => !tried.has(n)).length, 'writes that nobody did').toBeLessThanOrEqual(1)
}

test(
  'two programs that write to one store lose nothing, and a reader sees only whole arrays',
  async () => {
    using folder = scratchFolder()
    const path = join(folder.path, 'store.npk')
    const count = scaleCount(200, { min: 40 })
    const writers = [1, 2].map(id => new Writer(path, id, count))
    await Promise.all(writers.map(writer => writer.waitForLines(4)))
    let reads = 0
    let changed = 0
    const ended = Promise.all(writers.map(writer => writer.end()))
    const over = ended.then(() => true)
    const isOver = (): Promise<boolean> => Promise.race([over, delay(1, false)])
    while (!(await isOver())) {
      for (const id of [1, 2]) {
        try {
          readArrays(path, id)
          reads++
        } catch (error) {
          if (!(error instanceof NumPackError) || error.code !== 'CHANGED_ON_DISK') throw error
          changed++
        }
      }
    }
    await ended
    for (const [i, writer] of writers.entries()) {
      expect(writer.numbers('failed')).toEqual([])
      expect(readArrays(path, i + 1).log).toEqual(Array.from({ length: Math.floor(count / 2) }, (_, n) => 2 * n + 2))
    }
    reportCounts('two writers', { writes: 2 * count, reads, changed })
  },
  scaleTimeout({ minutes: 10 }),
)

test(
  'a disk that suddenly becomes read-only gives the writer typed errors, and damages nothing',
  async ctx => {
    using disk = mountDisk(16_384)
    if (disk === null) return ctx.skip(NO_DISK)
    const path = join(disk.path, 'store.npk')
    const writer = new Writer(path, 1, 1_000_000)
    const rounds = scaleCount(20, { min: 3 })
    await writer.waitForLines(10)
    for (let round = 0; round < rounds; round++) {
      // The system refuses while a file is being written.
      while (!disk.remount('ro')) await delay(1)
      const before = writer.numbers('failed').length
      while (writer.numbers('failed').length < before + 3) await writer.waitForLines(1)
      readArrays(path, 1)
      while (!disk.remount('rw')) await delay(1)
      const done = writer.numbers('done').length
      while (writer.numbers('done').length < done + 3) await writer.waitForLines(1)
    }
    await writer.kill()
    expectDone(path, 1, writer)
    reportCounts('read-only', { rounds, done: writer.numbers('done').length, failed: writer.numbers('failed').length })
    return undefined
  },
  scaleTimeout({ minutes: 10 }),
)

test(
  'a store that is moved away and back during writes gives typed errors, and is not damaged',
  async () => {
    using folder = scratchFolder()
    const path = join(folder.path, 'store.npk')
    const away = join(folder.path, 'away.npk')
    const writer = new Writer(path, 1, 1_000_000, 'keep')
    const rounds = scaleCount(40, { min: 4 })
    await writer.waitForLines(10)
    for (let round = 0; round < rounds; round++) {
      renameSync(path, away)
      const before = writer.numbers('failed').length
      while (writer.numbers('failed').length < before + 3) await writer.waitForLines(1)
      readArrays(away, 1)
      renameSync(away, path)
      const done = writer.numbers('done').length
      while (writer.numbers('done').length < done + 3) await writer.waitForLines(1)
    }
    removeFolder(path)
    await writer.waitForLines(3)
    await writer.kill()
    reportCounts('moved', { rounds, done: writer.numbers('done').length, failed: writer.numbers('failed').length })
  },
  scaleTimeout({ minutes: 10 }),
)

test(
  'a store that replaces another one during writes is not mixed with it',
  async () => {
    using folder = scratchFolder()
    const path = join(folder.path, 'store.npk')
    const away = join(folder.path, 'away.npk')
    const other = join(folder.path, 'other.npk')
    const writer = new Writer(path, 1, 1_000_000, 'reopen')
    const rounds = scaleCount(40, { min: 10 })
    await writer.waitForLines(10)
    for (let round = 0; round < rounds; round++) {
      renameSync(path, away)
      await writer.waitForLines(3)
      readArrays(away, 1)
      // The writer creates the store again whenever it is missing, so moving `away` back can take several attempts.
      for (let isBack = false; !isBack; ) {
        try {
          // The writer may add files to the moved store until it notices the move.
          removeFolder(other)
          if (existsSync(path)) renameSync(path, other)
          removeFolder(other)
          renameSync(away, path)
          isBack = true
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error
        }
      }
      await writer.waitForLines(3)
    }
    await writer.kill()
    NumPack.with(path, npk => npk.save({ afterwards: [1] }))
    readArrays(path, 1)
    reportCounts('taken place', { rounds, failed: writer.numbers('failed').length })
  },
  scaleTimeout({ minutes: 10 }),
)
