import { execFileSync } from 'node:child_process'
import {
  cpSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { NumPackError } from '../format/errors.ts'
import { getPackageInfo, pack, unpack, verifyPackage } from './index.ts'
import { scratch, storePath, treeOf } from './test-support/counting-control.ts'
import { NO_LINKS, NO_PIPES } from '../test-support/missing.ts'
import { describeUnless, testUnless } from '../test-support/test-unless.ts'

type Scratch = ReturnType<typeof scratch>

const codeOf = (work: Promise<unknown>): Promise<string | null> =>
  work.then(
    () => null,
    (error: unknown) => (error instanceof NumPackError ? error.code : String(error)),
  )

function storeIn(folder: Scratch, name = 's.npk'): string {
  cpSync(storePath('segmented.npk'), folder.file(name), { recursive: true })
  return folder.file(name)
}

function everything(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  return Object.fromEntries(
    names.map(name => {
      const stat = lstatSync(join(folder, name))
      return [name, stat.isFile() ? readFileSync(join(folder, name), 'base64') : `mode ${stat.mode}`]
    }),
  )
}

describe('packing with overwrite', () => {
  test.each(['thesis.docx', 'empty', 'NPK', 'metadata.npkm'])(
    'does not replace a file that is no package (%s)',
    async name => {
      using folder = scratch()
      const store = storeIn(folder)
      mkdirSync(folder.file('elsewhere'))
      const target = folder.file(join('elsewhere', `${name}.x`))
      writeFileSync(target, name === 'empty' ? '' : name)
      const before = everything(folder.path)
      expect(await codeOf(pack(store, target, { overwrite: true }))).toBe('EXISTS')
      expect(everything(folder.path)).toEqual(before)
    },
  )

  test('refuses a target inside the store, whatever it is called and however it is reached', async () => {
    using folder = scratch()
    const store = storeIn(folder)
    const links = NO_LINKS === null
    if (links) symlinkSync(store, folder.file('link'))
    if (links) symlinkSync(join(store, 'metadata.npkm'), folder.file('link.npkg'))
    const segments = readdirSync(store).find(name => name.endsWith('_segments'))!
    linkSync(join(store, segments, 'seg_000000.npkd'), folder.file('hard.npkg'))
    linkSync(join(store, 'metadata.npkm'), folder.file('hard-metadata.npkg'))
    const before = everything(folder.path)
    const targets = [
      's.npk/metadata.npkm',
      's.npk/new.npkg',
      's.npk/not/there/new.npkg',
      's.npk/../s.npk/./new.npkg',
      's.npk',
      `s.npk/${segments}/seg_000000.npkd`,
      `s.npk/${segments}/new.npkg`,
      ...(links ? ['link/new.npkg', `link/${segments}/deeper/new.npkg`, 'link.npkg'] : []),
      'hard.npkg',
      'hard-metadata.npkg',
    ]
    for (const target of targets) {
      for (const overwrite of [true, false]) {
        expect(await codeOf(pack(store, folder.file(target), { overwrite })), target).toBe('ARGUMENT')
      }
      const source = links ? folder.file('link') : store
      expect(await codeOf(pack(source, folder.file(target), { overwrite: true })), target).toBe('ARGUMENT')
    }
    expect(everything(folder.path)).toEqual(before)
  })

  testUnless(NO_LINKS)('neither follows nor replaces a link', async () => {
    using folder = scratch()
    const store = storeIn(folder)
    await pack(store, folder.file('there.npkg'))
    symlinkSync(folder.file('there.npkg'), folder.file('link.npkg'))
    symlinkSync(folder.file('not there.npkg'), folder.file('dangling.npkg'))
    const before = everything(folder.path)
    for (const name of ['link.npkg', 'dangling.npkg']) {
      await expect(pack(store, folder.file(name), { overwrite: true })).rejects.toMatchObject({
        code: 'EXISTS',
        message: expect.stringContaining('symbolic link') as string,
      })
    }
    expect(everything(folder.path)).toEqual(before)
  })

  testUnless(NO_PIPES)('does not wait for a pipe, and leaves it', async () => {
    using folder = scratch()
    const store = storeIn(folder)
    execFileSync('mkfifo', [folder.file('pipe.npkg')])
    expect(await codeOf(pack(store, folder.file('pipe.npkg'), { overwrite: true }))).toBe('EXISTS')
    expect(statSync(folder.file('pipe.npkg')).isFIFO()).toBe(true)
  })

  test('replaces a package', async () => {
    using folder = scratch()
    const target = await pack(storePath('names.npk'), folder.file('x.npkg'))
    await pack(storeIn(folder), target, { overwrite: true })
    expect((await verifyPackage(target)).fault).toBeNull()
    expect((await getPackageInfo(target)).files.map(({ name }) => name)).not.toContain('data_UPPER.npkd')
  })
})

describe('unpacking with overwrite', () => {
  const FOREIGN: Record<string, (folder: string) => void> = {
    'a folder that is called like a leftover': at => {
      mkdirSync(join(at, 'important.tmp', 'deep'), { recursive: true })
      writeFileSync(join(at, 'important.tmp', 'deep', 'file'), 'precious')
    },
    'a folder that is called like segments': at => {
      mkdirSync(join(at, 'data_2024_segments', 'photos'), { recursive: true })
      writeFileSync(join(at, 'data_2024_segments', 'photos', 'cat.jpg'), 'precious')
    },
    'a file among segments': at => {
      mkdirSync(join(at, 'data_2024_segments'))
      writeFileSync(join(at, 'data_2024_segments', 'notes.txt'), 'precious')
    },
    'a link among segments': at => {
      mkdirSync(join(at, 'data_2024_segments'))
      symlinkSync('/etc/hostname', join(at, 'data_2024_segments', 'seg_000000.npkd'))
    },
    'a folder that is called like a data file': at => {
      mkdirSync(join(at, 'data_a.npkd'))
      writeFileSync(join(at, 'data_a.npkd', 'file'), 'precious')
    },
    'a file of another kind of leftover': at => writeFileSync(join(at, 'important.tmp'), 'precious'),
    'a file that begins like the lock': at => writeFileSync(join(at, '.numpack.lock.backup'), 'precious'),
    'a link that is called like a data file': at => symlinkSync('/etc/hostname', join(at, 'data_a.npkd')),
    'a link that is called like a folder of segments': at => symlinkSync('/etc', join(at, 'data_a_segments')),
    'a document': at => writeFileSync(join(at, 'thesis.docx'), 'precious'),
  }

  const made = Object.entries(FOREIGN).filter(([what]) => NO_LINKS === null || !what.includes('link'))

  test.each(made)('does not replace a folder with %s', async (_, make) => {
    using folder = scratch()
    const source = await pack(storePath('names.npk'), folder.file('p.npkg'))
    const target = storeIn(folder)
    make(target)
    const before = everything(folder.path)
    expect(await codeOf(unpack(source, target, { overwrite: true }))).toBe('EXISTS')
    expect(everything(folder.path)).toEqual(before)
  })

  test('does not replace a file by a folder', async () => {
    using folder = scratch()
    const source = await pack(storePath('names.npk'), folder.file('p.npkg'))
    writeFileSync(folder.file('thesis.docx'), 'precious')
    const before = everything(folder.path)
    expect(await codeOf(unpack(source, folder.file('thesis.docx'), { overwrite: true }))).toBe('EXISTS')
    expect(everything(folder.path)).toEqual(before)
  })

  test('refuses the package itself, what lies around it and what would lie below it', async () => {
    using folder = scratch()
    mkdirSync(folder.file('around.npk'))
    const source = await pack(storePath('names.npk'), folder.file('around.npk/p.npkg'))
    const link = NO_LINKS === null ? 'link' : 'around.npk'
    if (NO_LINKS === null) symlinkSync(folder.file('around.npk'), folder.file(link))
    linkSync(source, folder.file('hard.npkg'))
    const before = everything(folder.path)
    for (const target of [
      'around.npk',
      'around.npk/p.npkg',
      'around.npk/p.npkg/x.npk',
      'hard.npkg',
      '.',
      `${link}/p.npkg`,
    ]) {
      for (const from of [source, folder.file(`${link}/p.npkg`)]) {
        for (const overwrite of [true, false]) {
          expect(await codeOf(unpack(from, folder.file(target), { overwrite })), target).toBe('ARGUMENT')
        }
      }
    }
    expect(everything(folder.path)).toEqual(before)
  })

  testUnless(NO_LINKS)('neither follows nor replaces a link', async () => {
    using folder = scratch()
    const source = await pack(storePath('names.npk'), folder.file('p.npkg'))
    symlinkSync(storeIn(folder), folder.file('link.npk'))
    symlinkSync(folder.file('not there'), folder.file('dangling.npk'))
    const before = everything(folder.path)
    for (const name of ['link.npk', 'dangling.npk']) {
      expect(await codeOf(unpack(source, folder.file(name), { overwrite: true }))).toBe('EXISTS')
    }
    expect(everything(folder.path)).toEqual(before)
  })

  test.each(['data_a.npkd', 'deleted_mail.npkb', 'data_survey.npkd.tmp', 'data_x_segments/seg_000001.npkd'])(
    'replaces no folder without metadata, whatever its files are called (%s)',
    async name => {
      using folder = scratch()
      const source = await pack(storePath('names.npk'), folder.file('p.npkg'))
      const target = folder.file('work.npk')
      mkdirSync(dirname(join(target, name)), { recursive: true })
      writeFileSync(join(target, name), 'my own')
      const before = everything(folder.path)
      expect(await codeOf(unpack(source, target, { overwrite: true }))).toBe('EXISTS')
      expect(everything(folder.path)).toEqual(before)
    },
  )

  test.each(['data_survey.tmp', 'deleted_scenes.tmp'])(
    'replaces no store beside a file of somebody (%s)',
    async name => {
      using folder = scratch()
      const source = await pack(storePath('names.npk'), folder.file('p.npkg'))
      const target = storeIn(folder)
      writeFileSync(join(target, name), 'my own')
      expect(await codeOf(unpack(source, target, { overwrite: true }))).toBe('EXISTS')
      expect(readFileSync(join(target, name), 'utf8')).toBe('my own')
    },
  )

  test("replaces a store with NumPack's own leftovers, and an empty folder", async () => {
    using folder = scratch()
    const source = await pack(storePath('names.npk'), folder.file('p.npkg'))
    const target = storeIn(folder)
    for (const name of ['data_x.npkd.tmp', 'deleted_x.npkb.tmp', 'metadata.npkm.tmp.12_34_56', 'write-1-2.tmp'])
      writeFileSync(join(target, name), 'x')
    mkdirSync(folder.file('empty'))
    for (const path of [target, folder.file('empty')]) {
      await unpack(source, path, { overwrite: true })
      expect(treeOf(path)).toEqual(treeOf(storePath('names.npk')))
    }
  })
})

describeUnless(NO_PIPES)('a pipe', () => {
  test.each(['p.npkg', '/dev/null'])('is no package and is not waited for (%s)', async name => {
    using folder = scratch()
    execFileSync('mkfifo', [folder.file('p.npkg')])
    const path = name.startsWith('/') ? name : folder.file(name)
    expect(await codeOf(getPackageInfo(path))).toBe('NOT_A_PACKAGE')
    expect(await codeOf(verifyPackage(path))).toBe('NOT_A_PACKAGE')
    expect(await codeOf(unpack(path, folder.file('x.npk')))).toBe('NOT_A_PACKAGE')
  })

  test.each(['metadata.npkm', 'data_a.npkd', 'deleted_a.npkb'])('in a store is not waited for (%s)', async name => {
    using folder = scratch()
    const store = folder.file('x.npk')
    cpSync(storePath('dtypes.npk'), store, { recursive: true })
    execFileSync('rm', ['-f', join(store, name)])
    execFileSync('mkfifo', [join(store, name)])
    const code = await codeOf(pack(store, folder.file('x.npkg')))
    expect(name === 'metadata.npkm' ? ['NOT_A_STORE'] : [null, 'DAMAGED']).toContain(code)
  })
})
