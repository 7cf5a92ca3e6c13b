import { removeFolder } from '../../test-support/remove-folder.ts'
import { chmodSync, chownSync, cpSync, lstatSync, mkdtempSync, readdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect } from 'vitest'
import { LOCK_FILE } from '../../format/names.ts'
import { NDArray } from '../../array/ndarray.ts'
import { NumPack } from '../numpack.ts'
import { ATTACKER, TEAM, VICTIM } from '../../test-support/users.ts'
import { watchDisk } from '../test-support/watch-disk.ts'
import { NO_MODES, NO_ROOT } from '../../test-support/missing.ts'
import { testUnless } from '../../test-support/test-unless.ts'

let root = ''
let path = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'numpack-modes-'))
  path = join(root, 'store.npk')
})
afterEach(() => removeFolder(root))

const modes = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(path)
      .filter(file => !file.startsWith(LOCK_FILE) && !lstatSync(join(path, file)).isSymbolicLink())
      .map(file => [file, (statSync(join(path, file)).mode & 0o777).toString(8)]),
  )

const OPERATIONS: readonly [string, (npk: NumPack) => void][] = [
  ['save of a new array', npk => npk.save({ c: [1] })],
  ['save over an array', npk => npk.save({ a: [1] })],
  ['append', npk => npk.append({ a: [1], b: [2] })],
  ['replace', npk => npk.replace({ a: [1] }, 0)],
  ['drop', npk => void npk.drop(['a', 'b'], 0)],
  ['restore', npk => void npk.restore('b', 0)],
  ['update', npk => npk.update('b')],
  ['clone', npk => npk.clone('b', 'c')],
  ['reset', npk => npk.reset()],
]

testUnless(NO_MODES).each(OPERATIONS)('after %s the files of a private store are still private', (_what, operation) => {
  using npk = NumPack.open(path)
  npk.save({ a: [1, 2, 3], b: [4, 5, 6] })
  npk.drop('b', [0, 1])
  for (const file of readdirSync(path)) chmodSync(join(path, file), 0o600)
  const made: string[] = []
  watchDisk(
    () => made.push(...Object.entries(modes()).map(([file, mode]) => `${file.replace(/^write.*/, 'new')} ${mode}`)),
    () => operation(npk),
  )
  expect(made.filter(file => !file.endsWith(' 600') && !file.includes('switch.tmp'))).toEqual([])
  expect(new Set(Object.values(modes()))).toEqual(new Set(['600']))
})

testUnless(NO_MODES)('a copy of a private array is private, even if other arrays of the store are not', () => {
  using npk = NumPack.open(path)
  npk.save({ secret: [1, 2, 3], open: [1] })
  chmodSync(join(path, 'data_secret.npkd'), 0o600)
  npk.clone('secret', 'copy')
  npk.save({ secret: [1, 2] })
  npk.drop('secret', 0)
  expect(modes()).toMatchObject({
    'data_copy.npkd': '600',
    'data_secret~1.npkd': '600',
    'deleted_secret.npkb': '600',
    'data_open.npkd': (0o666 & ~process.umask()).toString(8),
  })
})

function segmented(mode: number, change: (file: string, index: number) => void = () => {}): string {
  cpSync(join(import.meta.dirname, '../../fixtures/stores/segmented.npk'), path, { recursive: true })
  const entries = readdirSync(path, { recursive: true, withFileTypes: true })
  for (const entry of entries) chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? mode : 0o644)
  chmodSync(path, 0o755)
  const segments = entries
    .filter(({ name }) => name.startsWith('seg_'))
    .map(entry => join(entry.parentPath, entry.name))
  segments.sort().forEach(change)
  return /data_(.*)_segments/.exec(segments[0] ?? '')?.[1] ?? ''
}

const PRIVATE_SEGMENTS: readonly [string, () => string][] = [
  ['lie in a private folder', () => segmented(0o700)],
  ['are private', () => segmented(0o755, (file, i) => i === 1 && chmodSync(file, 0o600))],
]

testUnless(NO_MODES).each(PRIVATE_SEGMENTS)('a copy of an array whose segments %s is private', (_, make) => {
  const name = make()
  using npk = NumPack.open(path)
  npk.clone(name, 'copy')
  npk.drop(name, [0])
  npk.update(name)
  npk.drop(name, [0])
  const made = Object.entries(modes()).filter(([file]) => /^(?:data_copy|data_.*~1|deleted_)/.test(file))
  expect(made.length).toBeGreaterThanOrEqual(2)
  expect(made.filter(([, mode]) => mode !== '600')).toEqual([])
})

testUnless(NO_MODES)('a store that a group shares stays writable for it', () => {
  using npk = NumPack.open(path)
  npk.save({ a: [1, 2, 3] })
  for (const file of readdirSync(path)) chmodSync(join(path, file), 0o664)
  npk.append({ a: [4] })
  npk.drop('a', 0)
  npk.update('a')
  npk.save({ b: [1] })
  expect(new Set(Object.values(modes()))).toEqual(new Set(['664']))
})

testUnless(NO_MODES)('the files of a new store have the modes that the umask gives', () => {
  using npk = NumPack.open(path)
  npk.save({ a: NDArray.zeros([3], 'float32') })
  npk.drop('a', 0)
  expect(new Set(Object.values(modes()))).toEqual(new Set([(0o666 & ~process.umask()).toString(8)]))
})

testUnless(NO_ROOT)('files that root writes in a private store of a user are the user’s', () => {
  using npk = NumPack.open(path)
  npk.save({ a: [1, 2, 3] })
  for (const file of readdirSync(path)) {
    chmodSync(join(path, file), 0o600)
    chownSync(join(path, file), 3001, 3001)
  }
  chownSync(path, 3001, 3001)
  npk.append({ a: [4] })
  npk.drop('a', 0)
  npk.save({ b: [1] })
  for (const file of readdirSync(path)) expect(statSync(join(path, file)), file).toMatchObject({ uid: 3001, gid: 3001 })
})

testUnless(NO_ROOT)('a copy that root makes of private segments is not the user’s who listed them', () => {
  cpSync(join(import.meta.dirname, '../../fixtures/stores/segmented.npk'), path, { recursive: true })
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  for (const { parentPath, name } of files) {
    chmodSync(join(parentPath, name), name.endsWith('.npkseg') ? 0o660 : 0o600)
    chownSync(join(parentPath, name), name.endsWith('.npkseg') ? ATTACKER : VICTIM, TEAM)
  }
  using npk = NumPack.open(path)
  const [segmented = ''] = files.flatMap(({ name }) => /^data_(.*)\.npkseg$/.exec(name)?.[1] ?? [])
  npk.clone(segmented, 'copy')
  expect(statSync(join(path, 'data_copy.npkd'))).toMatchObject({ uid: 0 })
  expect(modes()['data_copy.npkd']).toBe('600')
})
