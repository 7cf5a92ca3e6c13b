import type { ArrayInfo, StoreInfo } from '../../core/explorer/contract/types.ts'
import type { CodeLanguage } from '../state/preferences.ts'

/** JSON's strings are Python's and TypeScript's too. */
const quoted = (text: string): string => JSON.stringify(text)

const hasRows = ({ shape }: ArrayInfo): boolean => (shape[0] ?? 0) > 0

/** A program that reads an array: lazily, and its first row where it has one. */
export function codeFor(language: CodeLanguage, store: StoreInfo, array: ArrayInfo): string {
  return (language === 'Python' ? python : typescript)(store, array).join('\n')
}

function python({ path, name: file, package: packed }: StoreInfo, array: ArrayInfo): string[] {
  const name = quoted(array.name)
  const unpacked = quoted(`${file.replace(/\.npkg$/i, '')}.npk`)
  const read = hasRows(array)
    ? [`    array = store.load(${name}, lazy=True)`, `    print(array.shape, array.dtype, array[0])`]
    : [`    array = store.load(${name})`, `    print(array)`]
  if (packed === null) return ['from numpack import NumPack', '', `with NumPack(${quoted(path)}) as store:`, ...read]
  return [
    'from numpack import NumPack, unpack',
    '',
    `unpack(${quoted(path)}, ${unpacked})`,
    `with NumPack(${unpacked}) as store:`,
    ...read,
  ]
}

function typescript({ path, package: packed }: StoreInfo, array: ArrayInfo): string[] {
  const opening =
    packed === null
      ? [
          `import { NumPack } from 'numpack-explorer'`,
          '',
          `using store = NumPack.open(${quoted(path)}, { readOnly: true })`,
        ]
      : [`import { openPackage } from 'numpack-explorer'`, '', `using store = await openPackage(${quoted(path)})`]
  return [
    ...opening,
    `const array = store.load(${quoted(array.name)}, { lazy: true })`,
    hasRows(array) ? `console.log(array.shape, array.dtype, array.get(0))` : `console.log(array.toList())`,
  ]
}
