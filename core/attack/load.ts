import { cpSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { makeLongStore } from '../explorer/host/test-support/long-store.ts'
import { startTestHost, TestWindow } from '../explorer/host/test-support/test-host.ts'
import { STORES } from '../test-support/fixture-stores.ts'
import type { Attack } from './attack.ts'

/** How often each run opens and closes a store. */
const OPENS_PER_RUN = 4
/** Every third run starts statistics and cancels them. */
const RUNS_PER_STATISTICS = 3
/** Every tenth run starts a job and cancels it. */
const RUNS_PER_JOB = 10
/** Stores that are open at once after all runs, as a share of the runs. */
const OPEN_STORES_PER_RUN = 0.1
const MIN_OPEN_STORES = 20
/** The engine's pool of 64 file handles, and room for others. Far fewer than the open stores of a long attack. */
const TOLERATED_DESCRIPTORS_OF_OPEN_STORES = 200

const TOLERATED_DESCRIPTORS = 6
const TOLERATED_THREADS = 4
const RELEASE_TIMEOUT_MS = 20_000

/**
 * Opens and closes stores and starts and cancels tasks, many times. At the end about as few descriptors and threads may
 * be left as at first, and no files.
 */
export async function startAttack(folder: string): Promise<Attack> {
  const store = join(folder, 'deleted.npk')
  const long = join(folder, 'long.npk')
  cpSync(join(STORES, 'deleted.npk'), store, { recursive: true })
  makeLongStore(long)
  const host = startTestHost(join(folder, 'data'))
  const window = new TestWindow(host)
  const opened = await window.get('openStore', { path: long })
  const parameters = {
    store: opened.store.id,
    array: 'long',
    generation: opened.store.arrays[0]?.generation ?? 0,
    rowSet: 'active',
    rows: null,
    columns: null,
    index: null,
  } as const
  const linear = { ...parameters, bins: 8, scale: 'linear' } as const
  await openAndClose()
  await startStatistics()
  const before = counts()
  let runs = 0

  return {
    async run(_, number) {
      runs++
      window.events.length = 0
      for (let i = 0; i < OPENS_PER_RUN; i++) await openAndClose()
      if (number % RUNS_PER_STATISTICS === 0) await startStatistics()
      if (number % RUNS_PER_JOB === 0) await startJob()
      return 'done'
    },
    async end() {
      await openMany(Math.max(MIN_OPEN_STORES, Math.round(runs * OPEN_STORES_PER_RUN)))
      await window.get('closeStore', { store: opened.store.id })
      await waitForRelease()
      const names = readdirSync(folder).sort().join()
      if (names !== 'data,deleted.npk,long.npk') throw new Error(`left over: ${names}`)
      await host.close()
    },
  }

  async function openAndClose(): Promise<void> {
    const { store: info } = await window.get('openStore', { path: store })
    await readWindow(info.id, [0, 10], [0, 3])
    await window.get('closeStore', { store: info.id })
  }

  async function readWindow(id: number, rows: [number, number], columns: [number, number]): Promise<void> {
    // 'none' is the array of deleted.npk without deleted rows.
    await window.get('readWindow', { store: id, array: 'none', rowSet: 'active', rows, columns, index: [] })
  }

  async function startStatistics(): Promise<void> {
    const { task } = await window.get('startTask', { kind: 'statistics', params: linear })
    await window.get('cancelTask', { task: task.id })
  }

  async function startJob(): Promise<void> {
    const params = { source: long, target: join(folder, 'long.npkg'), overwrite: true }
    const { task } = await window.get('startTask', { kind: 'backup', params })
    await window.get('cancelTask', { task: task.id })
    await window.event(event =>
      event.type === 'taskChanged' && event.task.id === task.id && event.task.state !== 'running' ? true : undefined,
    )
    await window.get('dismissJob', { job: task.id })
  }

  async function openMany(count: number): Promise<void> {
    const paths = Array.from({ length: count }, (_, i) => join(folder, `${i}.npk`))
    for (const path of paths) cpSync(store, path, { recursive: true })
    const ids: number[] = []
    for (const path of paths) ids.push((await window.get('openStore', { path })).store.id)
    for (const id of ids) await readWindow(id, [0, 1], [0, 1])
    const { descriptors } = counts()
    if (descriptors > before.descriptors + TOLERATED_DESCRIPTORS_OF_OPEN_STORES)
      throw new Error(`${count} open stores have ${descriptors} descriptors`)
    for (const id of ids) await window.get('closeStore', { store: id })
    for (const path of paths) rmSync(path, { recursive: true })
  }

  async function waitForRelease(): Promise<void> {
    const end = performance.now() + RELEASE_TIMEOUT_MS
    for (;;) {
      const now = counts()
      const isReleased =
        now.descriptors <= before.descriptors + TOLERATED_DESCRIPTORS &&
        now.threads <= before.threads + TOLERATED_THREADS
      if (isReleased) return
      if (performance.now() > end) throw new Error(`not released: ${JSON.stringify({ before, now })}`)
      await delay(200)
    }
  }
}

const counts = (): { descriptors: number; threads: number } => ({
  descriptors: readdirSync('/proc/self/fd').length,
  threads: readdirSync('/proc/self/task').length,
})
