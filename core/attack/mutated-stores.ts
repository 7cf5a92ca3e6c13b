import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { packStore } from '../packages/pack.ts'
import { CountingControl } from '../packages/test-support/counting-control.ts'
import { mutate } from '../oracle/mutate.ts'
import type { Random } from '../oracle/random.ts'
import { WRITE_LOG_FILE } from '../storage/read/write-log.ts'
import { NDArray } from '../array/ndarray.ts'
import { NumPack } from '../storage/numpack.ts'
import { allowTypedError, allowTypedErrorAsync, type Attack } from './attack.ts'
import { Canary, checkIsOwnContent } from './canary.ts'
import { makeWriteLogHostile } from './hostile-write-logs.ts'
import { makeRecordHostile, metadataOf, recordsOf } from './hostile-records.ts'
import { fixtureImages, interruptedImages, type StoreImage, writeImage } from './store-images.ts'

/** Only typed errors are allowed, in bounded time and memory; no file outside may be touched or read. */
export function startAttack(folder: string): Attack {
  const own = join(folder, 'own')
  const canary = new Canary(join(own, 'canary'))
  const store = join(own, 'store.npk')
  mkdirSync(join(folder, 'images'))
  const images = [...fixtureImages(), ...interruptedImages(join(folder, 'images'))]
  const files = images.flatMap(image => [...image.values()].filter(content => content instanceof Uint8Array))

  return {
    async run(random) {
      const image: StoreImage = new Map(random.below(2) === 0 ? random.pick(images.slice(0, 6)) : random.pick(images))
      const changes = 1 + random.below(3)
      for (let i = 0; i < changes; i++) mutateImage(image, random, files)
      writeImage(store, image)
      const outcome = await useStore(store, random)
      canary.check()
      const beside = readdirSync(own).sort()
      if (beside.join() !== 'canary,store.npk') throw new Error(`beside the store: ${beside.join()}`)
      return outcome
    },
  }

  async function useStore(path: string, random: Random): Promise<string> {
    const readOnly = random.below(3) === 0
    let npk: NumPack | null = null
    const refused = allowTypedError(() => (npk = NumPack.open(path, { readOnly })))
    if (npk === null) return `refused ${refused}`
    using opened: NumPack = npk
    for (const name of listNames(opened)) readArray(opened, name)
    allowTypedError(() => opened.getMetadata())
    if (random.below(8) === 0) await readStatistics(opened, random)
    // Packing waits two seconds for a writer that seems active.
    if (random.below(40) === 0) await packAlone(path)
    if (readOnly) return 'read'
    const writes = 1 + random.below(3)
    const codes = Array.from({ length: writes }, () => allowTypedError(() => write(opened, random)) ?? 'done')
    for (const name of listNames(opened)) readArray(opened, name)
    return `written ${codes.at(-1)}`
  }

  async function packAlone(path: string): Promise<void> {
    const target = join(folder, 'packed.npkg')
    const job = { source: path, target, compression: true, version: 1, overwrite: true, verify: false } as const
    await allowTypedErrorAsync(async () => packStore(job, new CountingControl()))
    rmSync(target, { force: true })
  }
}

function listNames(npk: NumPack): string[] {
  let names: string[] = []
  allowTypedError(() => (names = npk.getMemberList().slice(0, 30)))
  return names
}

function readArray(npk: NumPack, name: string): void {
  allowTypedError(() => {
    const lazy = npk.load(name, { lazy: true })
    let rows = 0
    for (const _ of lazy.deletedRows) if (++rows > 100) break
    if (lazy.ndim > 0 && lazy.length > 0) {
      lazy.get(lazy.length - 1)
      lazy.physicalRow(0)
    }
    checkIsOwnContent(name, npk.load(name))
  })
}

async function readStatistics(npk: NumPack, random: Random): Promise<void> {
  const names = listNames(npk)
  if (names.length === 0) return
  const name = random.pick(names)
  await allowTypedErrorAsync(async () => npk.load(name, { lazy: true }).statistics({ histogram: 10, quantiles: [0.5] }))
}

function write(npk: NumPack, random: Random): void {
  const names = listNames(npk)
  const name = names.length > 0 && random.below(6) > 0 ? random.pick(names) : 'a'
  const shapeOf = (): readonly number[] => npk.getShape(name)
  const rowsLike = (rows: number): NDArray =>
    NDArray.zeros([rows, ...shapeOf().slice(1)], npk.load(name, { lazy: true }).dtype)
  switch (random.below(14)) {
    case 0:
      return npk.save({ fresh: [1, 2, 3] })
    case 1:
      return npk.save({
        [name]: [
          [1, 2],
          [3, 4],
        ],
      })
    case 2:
      return npk.append({ [name]: rowsLike(1 + random.below(70)) })
    case 3:
      return npk.replace({ [name]: rowsLike(1) }, [0])
    case 4:
      return void npk.drop(name, [0])
    case 5:
      return void npk.drop(name)
    case 6:
      return void npk.drop(names)
    case 7:
      return void npk.restore(name)
    case 8:
      return npk.update(name)
    case 9:
      return npk.clone(name, 'copy')
    case 10:
      return npk.remove(name)
    case 11:
      return npk.reset()
    case 12:
      return void npk.writableBatchMode(batch => batch.load(name).set([[0]], 0))
    default:
      return npk.batchMode(() => {
        npk.save({ batched: [1] })
        npk.drop(name)
      })
  }
}

function mutateImage(image: StoreImage, random: Random, others: readonly Uint8Array[]): void {
  const names = [...image.keys()]
  const contents = names.filter(name => image.get(name) instanceof Uint8Array)
  if (contents.length === 0) return
  const mutateFile = (name: string): void => {
    image.set(name, mutate(image.get(name) as Uint8Array, random, others))
  }
  const metadata = image.get('metadata.npkm')
  const records = metadata instanceof Uint8Array ? recordsOf(metadata) : null
  switch (random.below(12)) {
    case 0:
    case 1:
      return mutateFile(random.pick(contents))
    case 2:
      return mutateFile(contents.find(name => name === 'metadata.npkm') ?? random.pick(contents))
    case 3:
    case 4:
    case 5:
      if (records === null) return mutateFile(random.pick(contents))
      makeRecordHostile(records, random)
      return void image.set('metadata.npkm', metadataOf(records))
    case 6:
    case 7: {
      const writeLog = image.get(WRITE_LOG_FILE)
      const base = writeLog instanceof Uint8Array ? writeLog : random.pick(others.filter(isWriteLog))
      const hostile = makeWriteLogHostile(base, random, bytes => mutate(bytes, random, others))
      return void image.set(WRITE_LOG_FILE, hostile)
    }
    case 8: {
      const bitmaps = contents.filter(name => name.endsWith('.npkb') || name.endsWith('.npkseg'))
      return mutateFile(bitmaps.length > 0 ? random.pick(bitmaps) : random.pick(contents))
    }
    case 9:
      if (random.below(2) === 0) return void image.set(random.pick(names), image.get(random.pick(contents))!)
      return void image.set(
        `deleted_${records?.[0]?.name.replaceAll(/[/\0]/g, '').slice(0, 200) ?? 'a'}.npkb`,
        image.get(random.pick(contents))!,
      )
    case 10:
      return void image.delete(random.pick(names))
    default:
      return putLink(image, random, names)
  }
}

const isWriteLog = (content: Uint8Array): boolean => Buffer.from(content.subarray(0, 4)).toString('latin1') === 'NPKI'

/** Puts a link in place of a file, or into an interrupted transaction (storage/write/replace-files.ts). */
function putLink(image: StoreImage, random: Random, names: readonly string[]): void {
  const targets = [
    '../canary/secret.npkd',
    '../canary',
    '../canary/deep',
    '.',
    'metadata.npkm',
    'nowhere',
    '/proc/self/nothing',
  ]
  const own = 'numpack-explorer.switch.tmp'
  const places = [own, `${own}/old`, `${own}/new`, `${own}/current`, '.numpack.lock', WRITE_LOG_FILE, 'notes.txt']
  const name = random.below(2) === 0 ? random.pick(names) : random.pick(places)
  image.set(name, { link: name.includes('/') ? `../${random.pick(targets)}` : random.pick(targets) })
  if (name === `${own}/current`) image.set('data_a.npkd', { link: `${own}/current/secret.npkd` })
}
