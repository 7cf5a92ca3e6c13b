import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, expect, test, type TestContext } from 'vitest'
import { addFolderMenu, folderMenuKeys, removeFolderMenu, runFolderMenuSwitch } from './folder-menu.ts'

const PROGRAM = String.raw`C:\Users\Zoë & Ben\AppData\Local\Programs\NumPack Explorer\NumPack Explorer.exe`

/** Outside the real classes: on Windows, this is the registry of whoever runs the tests. */
const CLASSES = String.raw`HKCU\Software\NumPack Explorer test\Classes`

const KIT = path.join(process.env['CI_TOOLS'] ?? '', 'windows')
const WINE = path.join(process.env['NUMPACK_SHARED'] ?? '', 'windows/windows.sh')

const runReg = (...args: string[]): void => void execFileSync('reg.exe', args)

interface Registry {
  reg: (...args: string[]) => void
  /** Returns all texts below a key, by `key` and `key, name`. */
  read: (key: string) => Record<string, string>
}

/** Reads what `reg export` writes; `reg query` prints in the code page of the console. */
function readExported(file: string): Record<string, string> {
  const values: Record<string, string> = {}
  let key = ''
  for (const line of readFileSync(file, 'utf16le').split('\r\n')) {
    key = /^\[(.*)\]$/.exec(line)?.[1]?.replace('HKEY_CURRENT_USER', 'HKCU') ?? key
    const [, name, text] = /^(@|".*?")=(".*")$/.exec(line) ?? []
    if (name !== undefined && text !== undefined)
      values[name === '@' ? key : `${key}, ${JSON.parse(name)}`] = JSON.parse(text) as string
  }
  rmSync(file)
  return values
}

/** Gives the registry of Windows, or of Wine. */
function requireRegistry(ctx: TestContext): Registry {
  const name = `numpack-explorer-${process.pid}.reg`
  if (process.platform === 'win32') {
    const file = path.join(tmpdir(), name)
    return { reg: runReg, read: key => (runReg('export', key, file, '/y'), readExported(file)) }
  }
  if (!existsSync(WINE) || !existsSync(path.join(KIT, '.done')))
    return ctx.skip('neither Windows nor Wine here: set NUMPACK_SHARED, and CI_TOOLS to a folder with windows/')
  // Without the temporary folder of the tests, which Wine does not find in its root.
  const env = { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' }
  const reg = (...args: string[]): void => void execFileSync(WINE, [KIT, '--raw', 'reg.exe', ...args], { env })
  return {
    reg,
    read: key => (reg('export', key, `Z:\\tmp\\${name}`, '/y'), readExported(path.join(KIT, 'root/tmp', name))),
  }
}

const fail = (): never => {
  throw new Error('denied')
}

let end = (): void => {}
afterEach(() => {
  end()
  end = () => {}
})

test('Windows gets the menu entries for folders named *.npk, and loses them again', ctx => {
  const { reg, read } = requireRegistry(ctx)
  end = () => reg('delete', path.win32.dirname(CLASSES), '/f')
  const other = String.raw`${CLASSES}\Directory\shell\Another program`
  reg('add', other, '/ve', '/d', 'x', '/f')

  addFolderMenu(PROGRAM, args => reg(...args), CLASSES)
  const folder = String.raw`${CLASSES}\Directory\shell\NumPackExplorer`
  const background = String.raw`${CLASSES}\Directory\Background\shell\NumPackExplorer`
  const entry = (key: string, given: string): Record<string, string> => ({
    [key]: 'Open with NumPack Explorer',
    [`${key}, AppliesTo`]: 'System.FileName:"*.npk"',
    [`${key}, Icon`]: `"${PROGRAM}",0`,
    [String.raw`${key}\command`]: `"${PROGRAM}" "${given}"`,
  })
  expect(read(CLASSES)).toEqual({ [other]: 'x', ...entry(folder, '%1'), ...entry(background, '%V') })

  removeFolderMenu(args => reg(...args), CLASSES)
  expect(read(CLASSES)).toEqual({ [other]: 'x' })
})

test('the switches of the installer add and remove the entries of the user alone, and say whether that worked', () => {
  const calls: string[] = []
  const run = (args: readonly string[]): void => void calls.push(`${args[0]} ${args[1]}`)
  expect(runFolderMenuSwitch(['explorer', 'a.npk'], PROGRAM, run)).toBeNull()
  expect(calls).toEqual([])
  expect(runFolderMenuSwitch(['explorer', '--register-folder-menu'], PROGRAM, run)).toBe(0)
  expect(calls.length).toBe(8)
  expect(calls.filter(call => !call.startsWith(String.raw`add HKCU\Software\Classes\Directory` + '\\'))).toEqual([])
  calls.length = 0
  expect(runFolderMenuSwitch(['explorer', '--unregister-folder-menu'], PROGRAM, run)).toBe(0)
  expect(calls).toEqual(folderMenuKeys().map(key => `delete ${key}`))
  expect(runFolderMenuSwitch(['explorer', '--register-folder-menu'], PROGRAM, fail)).toBe(1)
})

test('uninstalling removes exactly the keys that the program writes', () => {
  const script = readFileSync(path.resolve(import.meta.dirname, '../../assets/windows/installer.nsh'), 'utf8')
  const removed = [...script.matchAll(/^ *DeleteRegKey (HKCU) "(.*)"$/gm)].map(([, root, key]) => `${root}\\${key}`)
  expect(removed).toEqual(folderMenuKeys())
})
