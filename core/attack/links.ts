import { removeFolder } from '../test-support/remove-folder.ts'
import { execFileSync } from 'node:child_process'
import { existsSync, linkSync, mkdirSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join, relative } from 'node:path'
import { packStore } from '../packages/pack.ts'
import { CountingControl } from '../packages/test-support/counting-control.ts'
import { NDArray } from '../array/ndarray.ts'
import { NumPack } from '../storage/numpack.ts'
import { writeSample } from '../storage/test-support/operations.ts'
import { allowTypedError, allowTypedErrorAsync, type Attack } from './attack.ts'
import { Canary, checkIsOwnContent } from './canary.ts'
import { metadataOf, recordsOf } from './hostile-records.ts'
import { readImage, type StoreImage, writeImage } from './store-images.ts'

/** Replaces each file and folder of a store with something forbidden. Nothing outside may be touched or read. */

const SWITCH = 'numpack-explorer.switch.tmp'

const FILES = [
  'metadata.npkm',
  'data_a.npkd',
  'deleted_a.npkb',
  'data_s.npkseg',
  'data_s_segments',
  'data_s_segments/seg_000000.npkd',
  '.numpack.lock',
  'numpack-explorer.intent.tmp',
  SWITCH,
  `${SWITCH}/old`,
  `${SWITCH}/new`,
  `${SWITCH}/current`,
  `${SWITCH}/old/data_a.npkd`,
  'write-1-1.tmp',
  'metadata.npkm.tmp.1_1_1',
] as const

/** Replaces a path; `up` leads from its folder to the one that holds the store. */
type Replacement = (path: string, up: string) => void

const REPLACEMENTS: Readonly<Record<string, Replacement>> = {
  'a link to a file outside': (path, up) => symlinkSync(`${up}canary/secret.npkd`, path),
  'an absolute link to a file outside': path => symlinkSync(join(process.cwd(), 'own/canary/id_rsa'), path),
  'a link to a folder outside': (path, up) => symlinkSync(`${up}canary`, path),
  'a link to a missing file outside': (path, up) => symlinkSync(`${up}canary/made.npkd`, path),
  'a link to itself': path => symlinkSync(path, path),
  'a link to the store': path => symlinkSync('.', path),
  'a hard link to a file outside': path => linkSync('own/canary/linked.npkd', path),
  'a folder': path => {
    mkdirSync(path)
    writeFileSync(join(path, 'photo.jpg'), 'a photo')
  },
  'a pipe': path => execFileSync('mkfifo', [path]),
  'a device': path => execFileSync('mknod', [path, 'c', '1', '3']),
  'an endless device': path => symlinkSync('/dev/zero', path),
  'a socket': path => makeSocket(path),
}

const rows = (): NDArray => NDArray.zeros([2, 3], 'float32')

const USES: Readonly<Record<string, (npk: NumPack, path: string) => unknown>> = {
  read: npk => readAll(npk),
  save: npk => npk.save({ a: [1, 2, 3], fresh: [1] }),
  append: npk => npk.append({ a: rows() }),
  'append to segments': npk => npk.append({ s: [1, 2] }),
  replace: npk => npk.replace({ a: rows() }, [0, 1]),
  drop: npk => npk.drop('a', [0]),
  'drop several': npk => npk.drop(['a', 's']),
  restore: npk => npk.restore('a'),
  update: npk => npk.update('a'),
  clone: npk => npk.clone('a', 'copy'),
  remove: npk => npk.remove('a'),
  reset: npk => npk.reset(),
  edit: npk => npk.writableBatchMode(batch => batch.load('a').iadd(1)),
  batch: npk => npk.batchMode(() => npk.append({ a: rows() })),
  'read only': (_, path) => NumPack.with(path, { readOnly: true }, readAll),
  'drop if exists': (_, path) => NumPack.with(path, { dropIfExists: true }, readAll),
}

const MOMENTS = ['before it is opened', 'while it is open'] as const

const CASES = FILES.flatMap(file =>
  Object.keys(REPLACEMENTS).flatMap(replacement =>
    MOMENTS.flatMap(moment => Object.keys(USES).map(use => ({ file, replacement, moment, use }))),
  ),
)

export const LINK_CASES = CASES.length

/** Coprime to the number of cases, so that the first runs are spread over all of them. */
const STRIDE = 1009

const caseOf = (number: number): (typeof CASES)[number] => CASES[(number * STRIDE) % CASES.length]!

export function describeCase(number: number): string {
  const { file, replacement, moment, use } = caseOf(number)
  return `${file} is ${replacement} ${moment}, then: ${use}`
}

export function startAttack(folder: string): Attack {
  const own = join(folder, 'own')
  const canary = new Canary(join(own, 'canary'))
  const store = join(own, 'store.npk')
  const image = sampleImage(join(folder, 'sample.npk'))

  return {
    async run(_, number) {
      const { file, replacement, moment, use } = caseOf(number)
      try {
        writeImage(store, image)
        const replace = (): void => {
          const path = join(store, file)
          mkdirSync(dirname(path), { recursive: true })
          removeFolder(path)
          REPLACEMENTS[replacement]!(path, '../'.repeat(file.split('/').length))
        }
        if (moment === 'before it is opened') replace()
        const code = allowTypedError(() => {
          using npk = NumPack.open(store)
          if (moment === 'while it is open') {
            readAll(npk)
            replace()
          }
          USES[use]!(npk, store)
          readAll(npk)
        })
        await packAlone(store)
        canary.check()
        return code ?? 'done'
      } catch (error) {
        canary.restore()
        throw new Error(describeCase(number), { cause: error })
      }
    },
  }

  async function packAlone(path: string): Promise<void> {
    const target = join(folder, 'packed.npkg')
    const job = { source: path, target, compression: false, version: 1, overwrite: true, verify: false } as const
    await allowTypedErrorAsync(async () => packStore(job, new CountingControl()))
    if (existsSync(target)) unlinkSync(target)
  }
}

function sampleImage(path: string): StoreImage {
  writeSample(path)
  NumPack.with(path, npk => npk.save({ s: Float64Array.of(1, 2, 3, 4) }))
  const image = readImage(path)
  const data = image.get('data_s.npkd') as Uint8Array<ArrayBuffer>
  image.delete('data_s.npkd')
  image.set('data_s_segments/seg_000000.npkd', data)
  const segments = [{ file: 'data_s_segments/seg_000000.npkd', rows: 4, bytes: 32 }]
  image.set('data_s.npkseg', new TextEncoder().encode(JSON.stringify({ version: 1, segments })))
  const records = recordsOf(image.get('metadata.npkm') as Uint8Array<ArrayBuffer>) ?? []
  for (const record of records) if (record.name === 's') record.dataFile = 'data_s.npkseg'
  image.set('metadata.npkm', metadataOf(records))
  return image
}

function readAll(npk: NumPack): void {
  for (const name of npk.getMemberList()) {
    allowTypedError(() => {
      const lazy = npk.load(name, { lazy: true })
      lazy.get(0)
      checkIsOwnContent(name, npk.load(name))
    })
  }
}

function makeSocket(path: string): void {
  const server = createServer()
  // Socket paths must be short: this one is relative to the attacker's folder.
  server.listen(relative('.', path))
  server.unref()
}
