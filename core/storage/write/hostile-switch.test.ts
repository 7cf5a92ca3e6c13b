import { removeFolder } from '../../test-support/remove-folder.ts'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { NumPackError } from '../../format/errors.ts'
import { NumPack } from '../numpack.ts'
import { killedAtEachStep, type Step, watchDisk } from '../test-support/watch-disk.ts'

const SWITCH = 'numpack-explorer.switch.tmp'

let root = ''
let path = ''
let victim = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'numpack-hostile-'))
  path = join(root, 'evil.npk')
  using npk = NumPack.open(path)
  npk.save({ a: [1, 2, 3], b: [4, 5] })
  npk.drop('a', 0)
  victim = join(root, 'victim')
  mkdirSync(victim)
  for (const file of ['id_rsa', 'thesis.docx', 'metadata.npkm', 'deleted_a.npkb', 'write-1-1.tmp', 'current'])
    writeFileSync(join(victim, file), file)
})
afterEach(() => removeFolder(root))

const treeOf = (folder: string): string[] =>
  readdirSync(folder)
    .sort()
    .map(file => `${file}: ${readFileSync(join(folder, file), 'utf8')}`)

function useStore(): void {
  const attempts = [
    () => NumPack.open(path).close(),
    () => NumPack.with(path, npk => npk.drop(['a', 'b'])),
    () => NumPack.with(path, npk => npk.append({ a: [1], b: [2] })),
    () => NumPack.with(path, npk => npk.save({ c: [1] })),
    () => NumPack.with(path, npk => npk.reset()),
    () => NumPack.open(path, { dropIfExists: true }).close(),
  ]
  for (const attempt of attempts) {
    try {
      attempt()
    } catch (error) {
      if (!(error instanceof NumPackError)) throw error
    }
  }
}

describe('what lies in a store where the engine puts several files in place together', () => {
  test.each<[string, () => void]>([
    ['a link instead of the folder', () => symlinkSync(victim, join(path, SWITCH))],
    ['a relative link instead of the folder', () => symlinkSync('../victim', join(path, SWITCH))],
    ...['old', 'new', 'current'].map((part): [string, () => void] => [
      `a link instead of '${part}'`,
      () => {
        mkdirSync(join(path, SWITCH))
        symlinkSync(victim, join(path, SWITCH, part))
        if (part !== 'current') symlinkSync(part, join(path, SWITCH, 'current'))
      },
    ]),
    [
      "a file of the store as a link through 'current'",
      () => {
        mkdirSync(join(path, SWITCH))
        symlinkSync(victim, join(path, SWITCH, 'current'))
        symlinkSync(`${SWITCH}/current/id_rsa`, join(path, 'id_rsa'))
      },
    ],
    [
      'metadata as a link through it',
      () => {
        mkdirSync(join(path, SWITCH))
        symlinkSync(victim, join(path, SWITCH, 'current'))
        rmSync(join(path, 'metadata.npkm'))
        symlinkSync(`${SWITCH}/current/metadata.npkm`, join(path, 'metadata.npkm'))
      },
    ],
    [
      'a way out behind a right beginning',
      () => {
        mkdirSync(join(path, SWITCH, 'new'), { recursive: true })
        symlinkSync('new', join(path, SWITCH, 'current'))
        symlinkSync(`${SWITCH}/../../victim/id_rsa`, join(path, 'deleted_b.npkb'))
      },
    ],
  ])('%s leads to nothing outside: no file there is read, moved or removed', (_what, plant) => {
    const before = treeOf(victim)
    plant()
    useStore()
    expect(treeOf(victim)).toEqual(before)
    expect(existsSync(join(path, 'id_rsa')) && lstatSync(join(path, 'id_rsa')).isFile()).toBe(false)
  })

  test('files that the engine does not place there are not removed, and nothing below foreign folders', () => {
    for (const part of ['old', 'new']) {
      mkdirSync(join(path, SWITCH, part, 'photos'), { recursive: true })
      writeFileSync(join(path, SWITCH, part, 'thesis.docx'), 'mine')
      writeFileSync(join(path, SWITCH, part, 'photos', 'metadata.npkm'), 'mine')
    }
    writeFileSync(join(path, SWITCH, 'notes.txt'), 'mine')
    useStore()
    for (const part of ['old', 'new']) {
      expect(readFileSync(join(path, SWITCH, part, 'thesis.docx'), 'utf8')).toBe('mine')
      expect(readFileSync(join(path, SWITCH, part, 'photos', 'metadata.npkm'), 'utf8')).toBe('mine')
    }
    expect(readFileSync(join(path, SWITCH, 'notes.txt'), 'utf8')).toBe('mine')
  })

  test.each(['', 'old', 'new'])(
    "a folder '%s' that is exchanged for a link at any step of a write, or of what finishes it, costs no file outside",
    part => {
      const before = treeOf(victim)
      const copies = NumPack.with(path, npk => killedAtEachStep(path, () => npk.drop(['a', 'b'], [0])))
      for (const copy of copies) {
        for (let at = 0; ; at++) {
          const store = `${copy}-${at}`
          renameSync(copy, store)
          let steps = 0
          const exchange = (step: Step): void => {
            if (step === 'close' || steps++ !== at) return
            const target = join(store, SWITCH, part)
            if (!existsSync(target)) return
            renameSync(target, join(root, 'away'))
            symlinkSync(victim, target)
          }
          watchDisk(exchange, () => {
            try {
              NumPack.with(store, npk => npk.append({ a: [9], b: [8] }))
            } catch (error) {
              if (!(error instanceof NumPackError)) throw error
            }
          })
          expect(treeOf(victim), `step ${at} of ${store}`).toEqual(before)
          const exchanged = existsSync(join(root, 'away'))
          removeFolder(join(root, 'away'))
          renameSync(store, copy)
          if (!exchanged && steps <= at) break
          if (exchanged) removeFolder(join(copy, SWITCH))
          if (exchanged && at > 60) break
        }
        removeFolder(copy)
      }
    },
    180_000,
  )
})
