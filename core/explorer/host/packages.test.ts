import { removeFolder } from '../../test-support/remove-folder.ts'
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { encodeMetadata } from '../../format/metadata.ts'
import { pack } from '../../packages/index.ts'
import type { ArrayInfo, ExplorerEvent, Reply, StoreInfo, RowSetName } from '../contract/types.ts'
import type { ExplorerHost } from './host.ts'
import { expected, STORES } from '../../test-support/fixture-stores.ts'
import { codeOf, startTestHost, TestWindow } from './test-support/test-host.ts'

const SAMPLE = join(import.meta.dirname, '../../..', 'assets', 'sample.npk')

let folder: string
let cache: string
let host: ExplorerHost
let window: TestWindow

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'packages-')))
  cache = join(folder, 'cache')
  start()
})

afterEach(async () => {
  await host.close()
  removeFolder(folder)
})

function start(): void {
  host = startTestHost(join(folder, 'data'), { cacheFolder: cache })
  window = new TestWindow(host)
}

const open = async (path: string): Promise<StoreInfo> => (await window.get('openStore', { path })).store

const filesOf = async ({ id }: StoreInfo) => (await window.get('listPackedFiles', { store: id })).files

async function contents(store: StoreInfo, array: ArrayInfo, rowSet: RowSetName): Promise<Buffer[]> {
  const rows =
    rowSet === 'deleted' ? array.deletedRows : ((rowSet === 'all' ? array.physicalShape : array.shape)[0] ?? 1)
  const columns = array.shape.length > 1 ? array.shape.at(-1)! : 1
  const middle = array.shape.slice(1, -1)
  const out: Buffer[] = []
  for (const index of [middle.map(() => 0), middle.map(length => length - 1)]) {
    const params = {
      store: store.id,
      array: array.name,
      rowSet,
      rows: [0, rows],
      columns: [0, columns],
      index,
    } as const
    const reply = await window.ask('readWindow', { ...params, rows: [0, rows], columns: [0, columns] })
    if (!reply.ok) throw new Error(`${array.name}: ${reply.error.message}`)
    out.push(Buffer.from(reply.bytes!))
  }
  return out
}

const facts = (info: StoreInfo) =>
  info.arrays.map(({ name, dtype, shape, physicalShape, deletedRows, lastModified }) => {
    return { name, dtype, shape, physicalShape, deletedRows, lastModified }
  })

const recents = async () => (await window.get('listRecents', {})).recents

const changed = (wanted: (store: StoreInfo) => boolean): Promise<StoreInfo> =>
  window.event(event => (event.type === 'storeChanged' && wanted(event.store) ? event.store : undefined))

const suggest = (kind: 'backup' | 'unpack', source: string, into: string | null = null) =>
  window.get('suggestTarget', { kind, source, folder: into })

const storeOf: Record<string, string> = {
  'library.npkg': SAMPLE,
  'deleted-v2-zlib.npkg': join(STORES, 'deleted.npk'),
  'deleted-v2-raw.npkg': join(STORES, 'deleted.npk'),
  'deleted-v1-zstd.npkg': join(STORES, 'deleted.npk'),
  'dtypes-v0-zstd.npkg': join(STORES, 'dtypes.npk'),
  'empty-v2.npkg': join(STORES, 'empty.npk'),
  'names-v1-raw.npkg': join(STORES, 'names.npk'),
}

describe.each(Object.entries(expected.packages))('%s', (name, { version, compression, codec, files, sizes }) => {
  test('shows what is in it', async () => {
    const store = await open(join(STORES, name))
    expect(store).toMatchObject({ name, problem: null, sizeBytes: readFileSync(join(STORES, name)).length })
    expect(store.package).toMatchObject({
      version,
      label: compression === 0 ? 'none' : 'zstd',
      fileCount: files.length,
      originalSize: sizes.reduce((sum, size) => sum + size, 0),
      fault: null,
    })
    // Data that does not shrink is stored raw, whatever the label says.
    expect(store.package?.codecs).toContain(files.length > 1 ? codec : 'raw')
    const listed = await filesOf(store)
    expect(listed.map(file => [file.name, file.originalSize])).toEqual(files.map((file, at) => [file, sizes[at]]))
    expect(listed.reduce((sum, { storedSize }) => sum + storedSize, 0)).toBe(store.package?.storedSize)
  })

  test('its arrays are those of the store, and read the same in every row set', async () => {
    const [packed, store] = [await open(join(STORES, name)), await open(storeOf[name]!)]
    expect(facts(packed)).toEqual(facts(store))
    for (const [at, array] of packed.arrays.entries())
      for (const rowSet of ['active', 'all', 'deleted'] as const)
        expect(await contents(packed, array, rowSet), `${array.name} ${rowSet}`).toEqual(
          await contents(store, store.arrays[at]!, rowSet),
        )
  })
})

const damagedPath = (name: string): string => join(STORES, 'damaged', name)

async function verified(path: string) {
  const { task: job } = await window.get('startTask', { kind: 'verify', params: { source: path } })
  return window.event(event =>
    event.type === 'taskChanged' && event.task.id === job.id && event.task.kind === 'verify' && event.task.result
      ? event.task.result
      : undefined,
  )
}

const OTHER_FILES = ['wrong-magic.npkg', 'newer-version.npkg']
/** Their headers are intact: only reading the content finds the damage. */
const FOUND_BY_READING = ['bad-crc.npkg', 'bomb.npkg', 'size-lies.npkg']

test.each(OTHER_FILES)('damaged/%s does not open', async name => {
  const reply = await window.ask('openStore', { path: damagedPath(name) })
  expect(['NOT_A_PACKAGE', 'NEWER_VERSION']).toContain(codeOf(reply))
})

test.each(FOUND_BY_READING)('damaged/%s opens, and is found out by verifying it', async name => {
  const store = await open(damagedPath(name))
  expect(store.package?.fault).toBeNull()
  expect(store.arrays.length).toBeGreaterThan(0)
  expect((await verified(damagedPath(name))).fault?.message).toContain(name)
})

test.each(
  Object.entries(expected.damaged)
    .map(([name, { says }]) => [name, says])
    .filter(([name = '']) => name.endsWith('.npkg') && ![...OTHER_FILES, ...FOUND_BY_READING].includes(name)),
)('damaged/%s opens with its fault and the files before it, and no arrays: %s', async (name = '', says = '') => {
  const store = await open(damagedPath(name))
  const { code, message } = store.package!.fault!
  expect(['DAMAGED', 'PATH_ESCAPE']).toContain(code)
  expect(message).toContain(name)
  expect(message).toContain(says.split(' ').slice(-2).join(' '))
  expect(store.arrays).toEqual([])
  expect((await filesOf(store)).length).toBeGreaterThan(0)
  expect((await verified(damagedPath(name))).fault?.code).toBe(code)
})

test('a package whose end is missing still lists the files before it, and says which is cut off', async () => {
  const path = join(folder, 'cut.npkg')
  copyFileSync(join(STORES, 'library.npkg'), path)
  truncateSync(path, readFileSync(path).length - 20_000)
  const store = await open(path)
  expect(store.package?.fault?.code).toBe('DAMAGED')
  const listed = await filesOf(store)
  const { files } = expected.packages['library.npkg']!
  expect(listed.length).toBeGreaterThan(0)
  expect(listed.length).toBeLessThan(files.length)
  expect(listed.map(({ name }) => name)).toEqual(files.slice(0, listed.length))
})

test('files are listed of packages only', async () => {
  const store = await open(SAMPLE)
  expect(store.package).toBeNull()
  expect(codeOf(await window.ask('listPackedFiles', { store: store.id }))).toBe('ARGUMENT')
})

test('the files of an array in a package are those that are packed, at the size they unpack to', async () => {
  const { id } = await open(join(STORES, 'library.npkg'))
  const { files, sizes } = expected.packages['library.npkg']!
  const wanted = ['data_embeddings.npkd', 'deleted_embeddings.npkb']
  const listed = (await window.get('listArrayFiles', { store: id, array: 'embeddings' })).files
  expect(listed).toEqual(wanted.map(name => ({ name, sizeBytes: sizes[files.indexOf(name)] })))
})

test('a package is a recent one; it is told from a store, and marked when it is gone', async () => {
  const path = join(folder, 'mine.npkg')
  copyFileSync(join(STORES, 'library.npkg'), path)
  await open(path)
  expect(await recents()).toMatchObject([{ path, kind: 'package', missing: false, arrayCount: 6 }])
  rmSync(path)
  expect(await recents()).toMatchObject([{ path, kind: 'package', missing: true }])
})

test('packages are listed among the folders, to be chosen', async () => {
  mkdirSync(join(folder, 'listed'))
  copyFileSync(join(STORES, 'empty-v2.npkg'), join(folder, 'listed', 'b.npkg'))
  writeFileSync(join(folder, 'listed', 'notes.txt'), '')
  mkdirSync(join(folder, 'listed', 'a'))
  cpSync(join(STORES, 'empty.npk'), join(folder, 'listed', 'c.npk'), { recursive: true })
  const { entries } = await window.get('listFolder', { path: join(folder, 'listed') })
  expect(entries.map(({ name, kind }) => [name, kind])).toEqual([
    ['a', 'folder'],
    ['b.npkg', 'package'],
    ['c.npk', 'store'],
  ])
})

async function slowPackage(): Promise<{ path: string; data: Buffer; rows: number; columns: number }> {
  const [rows, columns] = [60_000, 512]
  const store = join(folder, 'slow.npk')
  const data = Buffer.concat([randomBytes((rows * columns) / 2), Buffer.alloc((rows * columns) / 2, 'abcdefg')])
  mkdirSync(store)
  writeFileSync(join(store, 'data_a.npkd'), data)
  writeFileSync(
    join(store, 'metadata.npkm'),
    encodeMetadata([
      {
        name: 'a',
        shape: [rows, columns],
        dtype: 'uint8',
        dataFile: 'data_a.npkd',
        lastModified: 1,
        sizeBytes: data.length,
      },
    ]),
  )
  return { path: await pack(store), data, rows, columns }
}

const window8 = (store: StoreInfo, row: number, columns: number) =>
  ({
    store: store.id,
    array: 'a',
    rowSet: 'active',
    rows: [row, row + 8],
    columns: [0, columns],
    index: [],
  }) satisfies Parameters<typeof window.ask<'readWindow'>>[1]

const bytesOf = (reply: Reply): Buffer => {
  if (!reply.ok) throw new Error(reply.error.message)
  return Buffer.from(reply.bytes!)
}

describe('a compressed array', () => {
  test('comes row by row: what is asked for meanwhile is not held up, and the last rows come when they are there', async () => {
    const { path, data, rows, columns } = await slowPackage()
    const store = await open(path)
    const order: string[] = []
    const last = window.ask('readWindow', window8(store, rows - 8, columns)).then(reply => (order.push('last'), reply))
    const recents = window.get('listRecents', {}).then(() => order.push('recents'))
    await Promise.all([last, recents])
    expect(order).toEqual(['recents', 'last'])
    expect(bytesOf(await last).equals(data.subarray((rows - 8) * columns))).toBe(true)
    expect(bytesOf(await window.ask('readWindow', window8(store, 0, columns)))).toEqual(data.subarray(0, 8 * columns))
    const told = await window.event((event: ExplorerEvent) =>
      event.type === 'decompressing' && event.bytesDone === event.bytesTotal ? event : undefined,
    )
    expect(told).toMatchObject({ store: store.id, array: 'a', bytesTotal: data.length })
  })

  test('that is waited for can be cancelled', async () => {
    const { path, rows, columns } = await slowPackage()
    const store = await open(path)
    const last = window.ask('readWindow', window8(store, rows - 8, columns))
    window.connection.cancel(window.lastId)
    expect(codeOf(await last)).toBe('ABORTED')
    await window.get('listRecents', {})
  })

  test('takes space only as long as its package is open', async () => {
    const { path, columns } = await slowPackage()
    const store = await open(path)
    await window.ask('readWindow', window8(store, 0, columns))
    const spools = readdirSync(cache)
    expect(spools).toHaveLength(1)
    await window.get('closeStore', { store: store.id })
    expect(readdirSync(cache)).toEqual([])
  })

  test('what a program left that was killed is swept away at the next start', async () => {
    await host.close()
    const temporary = join(import.meta.dirname, '../../packages/temporary.ts')
    const script = `import { mkdirSync } from 'node:fs'
      import { siblingOf } from ${JSON.stringify(temporary)}
      mkdirSync(siblingOf(${JSON.stringify(join(cache, 'numpack-packages'))}, 'tmp'), { recursive: true })`
    execFileSync(process.execPath, ['--input-type=module', '-e', script])
    expect(readdirSync(cache)).toHaveLength(1)
    start()
    await window.get('environment', {})
    expect(readdirSync(cache)).toEqual([])
  })
})

describe('a package that changes while it is open', () => {
  test('is read anew', async () => {
    const path = join(folder, 'mine.npkg')
    copyFileSync(join(STORES, 'deleted-v2-zlib.npkg'), path)
    const before = await open(path)
    copyFileSync(join(STORES, 'dtypes-v0-zstd.npkg'), path)
    const after = await changed(({ package: facts }) => facts?.version === 0)
    expect(after.id).toBe(before.id)
    expect(after.arrays.map(({ name }) => name)).toContain('float32_2d')
    expect(after.arrays[0]!.generation).toBeGreaterThan(before.arrays[0]!.generation)
  })

  test('says so when it vanishes, and works again when it is back', async () => {
    const path = join(folder, 'mine.npkg')
    copyFileSync(join(STORES, 'library.npkg'), path)
    await open(path)
    renameSync(path, join(folder, 'away.npkg'))
    expect((await changed(({ problem }) => problem !== null)).problem).toContain('mine.npkg is not there')
    renameSync(join(folder, 'away.npkg'), path)
    const back = await changed(({ problem, arrays }) => problem === null && arrays.length > 0)
    expect(await contents(back, back.arrays[0]!, 'active')).toHaveLength(2)
  })
})

describe('targets', () => {
  test('lie beside the source, or in the folder used last while it is there', async () => {
    const source = join(folder, 'data.npk')
    const beside = join(folder, 'data.npkg')
    expect(await suggest('backup', source)).toEqual({ target: beside, taken: false, free: beside })
    const usb = join(folder, 'usb')
    expect((await suggest('backup', source, usb)).target).toBe(beside)
    mkdirSync(usb)
    expect((await suggest('backup', source, usb)).target).toBe(join(usb, 'data.npkg'))
    expect((await suggest('unpack', beside)).target).toBe(source)
  })

  test('get a number where something has the name', async () => {
    const source = join(folder, 'data.npk')
    for (const name of ['data.npkg', 'data (2).npkg']) writeFileSync(join(folder, name), '')
    const target = join(folder, 'data.npkg')
    expect(await suggest('backup', source)).toEqual({ target, taken: true, free: join(folder, 'data (3).npkg') })
  })

  test('have the names of packages and stores, whatever the source is called', async () => {
    for (const name of ['.npk', 'x.npk', 'x', '.npkg', 'X.NPKG', 'x.npk.npkg', 'x.tar.gz']) {
      const source = join(folder, name)
      for (const [kind, suffix] of [
        ['backup', '.npkg'],
        ['unpack', '.npk'],
      ] as const) {
        const { target } = await suggest(kind, source)
        writeFileSync(target, '')
        const { free } = await suggest(kind, source)
        expect([target, free].map(path => path.endsWith(suffix))).toEqual([true, true])
        rmSync(target)
      }
    }
  })

  test('that are typed are looked at', async () => {
    mkdirSync(join(folder, 'data.npk'))
    mkdirSync(join(folder, 'folder.npkg'))
    writeFileSync(join(folder, 'taken.npkg'), '')
    const source = join(folder, 'data.npk')
    const check = (kind: 'backup' | 'unpack', target: string) => window.get('checkTarget', { kind, source, target })
    const free = { target: join(folder, 'new.npkg'), taken: false, problem: null }
    expect(await check('backup', join(folder, 'new'))).toEqual(free)
    expect(await check('backup', join(folder, 'taken.npkg'))).toMatchObject({ taken: true, problem: null })
    for (const [kind, target] of [
      ['backup', 'relative.npkg'],
      ['backup', source],
      ['backup', join(folder, 'folder.npkg')],
      ['backup', join(folder, 'x'.repeat(300))],
      ['unpack', join(folder, 'taken.npkg')],
      ['backup', join(folder, 'x.pth')],
      ['unpack', join(folder, '.bashrc.d')],
    ] as const)
      expect((await check(kind, target)).problem, target).not.toBeNull()
    expect(existsSync(join(folder, 'new.npkg'))).toBe(false)
  })
})
