import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { inspect } from 'node:util'
import { BroadcastChannel, Worker } from 'node:worker_threads'
import { UNEXPECTED_ERROR } from '../format/errors.ts'
import type { Connection } from '../explorer/host/host-options.ts'
import type { Reply, Result } from '../explorer/contract/types.ts'
import { startTestHost } from '../explorer/host/test-support/test-host.ts'
import { STORES } from '../test-support/fixture-stores.ts'
import type { Random } from '../oracle/random.ts'
import { openFiles } from '../test-support/open-files.ts'
import type { Attack } from './attack.ts'
import { randomRequest, type Targets } from './hostile-requests.ts'
import { writeHostileStores } from './hostile-stores.ts'
import { inheritedProperties } from './prototypes.ts'

const WINDOWS = 4
const IN_FLIGHT = 8
const OFTEN = 10
const CANCELLED = 20
const STOPPED = /engine stopped|stopped unexpectedly/i

/** Sends 32 random requests per run, from several windows. Each must be answered, and nothing may leak. */
export async function startAttack(folder: string): Promise<Attack> {
  const stores = join(folder, 'stores')
  cpSync(STORES, stores, { recursive: true })
  writeHostileStores(join(stores, 'hostile.npk'))
  const writable = join(folder, 'writable')
  mkdirSync(writable)
  writeFileSync(join(folder, 'plain.txt'), 'no store')

  const worker = join(import.meta.dirname, 'contract-worker.ts')
  const host = startTestHost(join(folder, 'data'), {
    createWorker: workerData => new Worker(worker, { workerData }),
    pickFolder: async () => [],
    pickPackages: async () => [],
    pickTarget: async () => null,
    showInFolder: () => {},
  })
  const notices: string[] = []
  const windows = Array.from({ length: WINDOWS }, () =>
    host.connect(event => void (event.type === 'notice' && notices.push(event.message))),
  )
  const names = readdirSync(stores).filter(name => /\.npkg?$/.test(name))
  const damaged = readdirSync(join(stores, 'damaged')).map(name => join('damaged', name))
  const paths = [...names, ...damaged, 'hostile.npk', 'nothing.npk'].map(name => join(stores, name))
  let lastId = 0
  let targets = await openAll()
  const filesBefore = openFiles(folder).length

  return {
    async run(random) {
      if (notices.some(notice => STOPPED.test(notice))) targets = await openAll()
      notices.length = 0
      const replies = await Promise.all(windows.flatMap(window => volley(window, random)))
      for (const { reply, request } of replies) judge(reply, request)
      const stopped = notices.find(notice => STOPPED.test(notice))
      if (stopped !== undefined) {
        throw new Error(`the engine stopped: ${stopped}; asked for ${replies.map(({ request }) => request).join('\n')}`)
      }
      return 'answered'
    },
    async end() {
      for (const window of windows) {
        const reply = await window.request({ id: ++lastId, method: 'environment', params: {} })
        if (!reply.ok) throw new Error(`the host doesn't answer any more: ${reply.error.message}`)
      }
      await checkPrototypes()
      for (const window of windows) window.close()
      await host.close()
      const left = openFiles(folder)
      if (left.length > filesBefore) throw new Error(`left open: ${left.join(', ')}`)
    },
  }

  async function openAll(): Promise<Targets> {
    const stores: Targets['stores'][number][] = []
    for (const path of paths) {
      const reply = await windows[0]!.request({ id: ++lastId, method: 'openStore', params: { path } })
      if (!reply.ok) continue
      const { store } = reply.result as Result<'openStore'>
      for (const other of windows.slice(1)) {
        await other.request({ id: ++lastId, method: 'openStore', params: { path } })
      }
      const one = { id: store.id, arrays: store.arrays.map(({ name }) => name) }
      stores.push(...Array.from({ length: path.endsWith('hostile.npk') ? OFTEN : 1 }, () => one))
    }
    return { paths, stores, writable }
  }

  function volley(window: Connection, random: Random): Promise<{ reply: Reply; request: string }>[] {
    return Array.from({ length: IN_FLIGHT }, async () => {
      const id = ++lastId
      const { method, params } = randomRequest(random, targets)
      const isCancelled = random.below(CANCELLED) === 0
      const answer = window.request({ id, method, params })
      if (isCancelled) window.cancel(id)
      return { reply: await answer, request: textOf(method, params) }
    })
  }
}

function judge(reply: Reply, request: string): void {
  if (reply.ok) return
  const { code, message } = reply.error
  if (message.includes(UNEXPECTED_ERROR) || STOPPED.test(message))
    throw new Error(`${code}: ${message.slice(0, 200)} (${request})`)
  if (typeof code !== 'string' || code === '' || message === '') throw new Error(`no typed error (${request})`)
}

async function checkPrototypes(): Promise<void> {
  const channel = new BroadcastChannel('prototypes')
  const answer = new Promise<string[]>(resolve => {
    channel.addEventListener('message', event =>
      resolve((event as unknown as { data: { polluted: string[] } }).data.polluted),
    )
  })
  channel.postMessage('ask')
  const inEngine = await Promise.race([answer, delay(10_000, ['no answer'])])
  channel.close()
  const polluted = [...inheritedProperties(), ...inEngine]
  if (polluted.length > 0) throw new Error(`prototypes are polluted: ${polluted.join(', ')}`)
}

/** Describes a request; its parameters may nest deeper than JSON.stringify can go. */
const textOf = (method: unknown, params: unknown): string =>
  inspect({ method, params }, { depth: 4, maxStringLength: 60, breakLength: Number.POSITIVE_INFINITY }).slice(0, 300)
