import { cpSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { makeLongStore } from '../explorer/host/test-support/long-store.ts'
import { startTestHost, TestWindow } from '../explorer/host/test-support/test-host.ts'
import { fixtures } from '../packages/test-support/counting-control.ts'
import type { Attack } from './attack.ts'

/** Stores opened and closed in each run. */
const OPENS = 4
/** Statistics, and a job, are started and cancelled once in this many runs. */
const RUNS_PER_FIGURES = 3
const RUNS_PER_JOB = 10
/** Stores that are open at once, for each 10 runs. */
const STORES_PER_RUN = 0.1

/** More than this is not given back. */
const MORE_DESCRIPTORS = 6
const MORE_THREADS = 4
const RETURNS_WITHIN_MS = 20_000

/**
 * Stores opened and closed, figures and jobs started and cancelled, over and over. In the end very many stores are open
 * at once; then descriptors and threads are as few as at first.
 */
export async function startAttack(folder: string): Promise<Attack> {
  const store = join(folder, 'deleted.npk')
  const long = join(folder, 'long.npk')
  cpSync(join(fixtures, 'deleted.npk'), store, { recursive: true })
  makeLongStore(long)
  const host = startTestHost(join(folder, 'data'))
  const window = new TestWindow(host)
  const opened = await window.get('openStore', { path: long })
  const figures = {
    store: opened.store.id,
    array: 'long',
    generation: opened.store.arrays[0]?.generation ?? 0,
    view: 'active',
    rows: null,
    columns: null,
    index: null,
  } as const
  const linear = { ...figures, bins: 8, scale: 'linear' } as const
  await openAndClose()
  await startFigures()
  const before = counts()
  let runs = 0

  return {
    async run(_, number) {
      runs++
      window.events.length = 0
      for (let i = 0; i < OPENS; i++) await openAndClose()
      if (number % RUNS_PER_FIGURES === 0) await startFigures()
      if (number % RUNS_PER_JOB === 0) await startJob()
      return 'done'
    },
    async end() {
      await openMany(Math.max(20, Math.round(runs * STORES_PER_RUN)))
      await window.get('closeStore', { store: opened.store.id })
      await returned()
      const beside = readdirSync(folder).sort()
      if (beside.join() !== 'data,deleted.npk,long.npk') throw new Error(`left over: ${beside.join()}`)
      await host.close()
    },
  }

  async function openAndClose(): Promise<void> {
    const { store: info } = await window.get('openStore', { path: store })
    const block = { view: 'active', rows: [0, 10], columns: [0, 3], index: [] } as const
    await window.get('readWindow', {
      store: info.id,
      array: 'none',
      ...block,
      rows: [0, 10],
      columns: [0, 3],
      index: [],
    })
    await window.get('closeStore', { store: info.id })
  }

  async function startFigures(): Promise<void> {
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

  /** Opens many stores at once, reads from each, and closes them. */
  async function openMany(count: number): Promise<void> {
    const paths = Array.from({ length: count }, (_, i) => join(folder, `${i}.npk`))
    for (const path of paths) cpSync(store, path, { recursive: true })
    const ids: number[] = []
    for (const path of paths) ids.push((await window.get('openStore', { path })).store.id)
    for (const id of ids) {
      const block = { view: 'active', rows: [0, 1] as [number, number], columns: [0, 1] as [number, number] } as const
      await window.get('readWindow', { store: id, array: 'none', ...block, index: [] })
    }
    const { descriptors } = counts()
    if (descriptors > before.descriptors + 200) throw new Error(`${count} open stores have ${descriptors} descriptors`)
    for (const id of ids) await window.get('closeStore', { store: id })
    for (const path of paths) rmSync(path, { recursive: true })
  }

  /** Resolves when all is given back, as far as it is to be. */
  async function returned(): Promise<void> {
    const end = performance.now() + RETURNS_WITHIN_MS
    for (;;) {
      const now = counts()
      const isBack =
        now.descriptors <= before.descriptors + MORE_DESCRIPTORS && now.threads <= before.threads + MORE_THREADS
      if (isBack) return
      if (performance.now() > end) throw new Error(`not given back: ${JSON.stringify({ before, now })}`)
      await delay(200)
    }
  }
}

/** What the system says of this process. */
const counts = (): { descriptors: number; threads: number } => ({
  descriptors: readdirSync('/proc/self/fd').length,
  threads: readdirSync('/proc/self/task').length,
})
