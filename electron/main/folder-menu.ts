import { execFileSync } from 'node:child_process'
import path from 'node:path'

/** A text in the Windows registry. */
interface RegistryValue {
  key: string
  /** null for the default value of the key. */
  name: string | null
  text: string
}

/** Runs Windows' reg.exe. Throws when it fails. */
type RunReg = (args: readonly string[]) => void

/** Classes of the user: no other user has them, and no administrator is needed. */
const CLASSES = String.raw`HKCU\Software\Classes`

const MENUS = [
  // %1 is the folder that was clicked, %V the one whose background was clicked.
  { key: String.raw`Directory\shell\NumPackExplorer`, path: '%1' },
  { key: String.raw`Directory\Background\shell\NumPackExplorer`, path: '%V' },
]

/** Returns the registry keys of the entries in Explorer's context menus. What lies below belongs to them. */
export const folderMenuKeys = (classes = CLASSES): string[] => MENUS.map(menu => `${classes}\\${menu.key}`)

/** Returns what the registry needs for "Open with NumPack Explorer" on folders named *.npk and on their background. */
const folderMenuValues = (program: string, classes = CLASSES): RegistryValue[] =>
  MENUS.flatMap(menu => {
    const key = `${classes}\\${menu.key}`
    return [
      { key, name: null, text: 'Open with NumPack Explorer' },
      { key, name: 'Icon', text: `"${program}",0` },
      { key, name: 'AppliesTo', text: 'System.FileName:"*.npk"' },
      { key: `${key}\\command`, name: null, text: `"${program}" "${menu.path}"` },
    ]
  })

const runReg: RunReg = args => {
  const program = path.join(process.env['SystemRoot'] ?? String.raw`C:\Windows`, 'System32', 'reg.exe')
  execFileSync(program, args, { windowsHide: true, stdio: 'ignore' })
}

export function addFolderMenu(program: string, run = runReg, classes?: string): void {
  for (const { key, name, text } of folderMenuValues(program, classes))
    run(['add', key, ...(name === null ? ['/ve'] : ['/v', name]), '/t', 'REG_SZ', '/d', text, '/f'])
}

export function removeFolderMenu(run = runReg, classes?: string): void {
  for (const key of folderMenuKeys(classes)) run(['delete', key, '/f'])
}

/** Does what the installer's switches say. Returns the exit status; null when there is no such switch. */
export function runFolderMenuSwitch(argv: readonly string[], program: string, run = runReg): number | null {
  const isAdding = argv.includes('--register-folder-menu')
  if (!isAdding && !argv.includes('--unregister-folder-menu')) return null
  try {
    if (isAdding) addFolderMenu(program, run)
    else removeFolderMenu(run)
    return 0
  } catch {
    return 1
  }
}
