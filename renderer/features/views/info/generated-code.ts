import { visibleJson } from '../../../../core/format/visible-text.ts'
import type { ArrayInfo, StoreInfo } from '../../../../core/explorer/contract/types.ts'
import type { CodeLanguage } from '../../../model/preferences.ts'

const quoted = (text: string): string => visibleJson(JSON.stringify(text))

/** Quotes a Python literal: Python writes `\U` where JSON writes two surrogates. */
const pythonQuoted = (text: string): string =>
  quoted(text).replace(SURROGATES, (escape, high?: string, low?: string) => {
    if (high === undefined || low === undefined) return escape
    const character = String.fromCharCode(Number.parseInt(high, 16), Number.parseInt(low, 16))
    return `\\U${character.codePointAt(0)!.toString(16).padStart(8, '0')}`
  })

/** Matches an escaped backslash, or the two surrogate escapes of one character. */
const SURROGATES = /\\\\|\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})/g

const hasRows = ({ shape }: ArrayInfo): boolean => (shape[0] ?? 0) > 0

export function codeFor(language: CodeLanguage, store: StoreInfo, array: ArrayInfo): string {
  return (language === 'Python' ? python : typescript)(store, array).join('\n')
}

function python({ path, name: file, package: packed }: StoreInfo, array: ArrayInfo): string[] {
  const name = pythonQuoted(array.name)
  const unpacked = pythonQuoted(`${file.replace(/\.npkg$/i, '')}.npk`)
  const read = hasRows(array)
    ? [`    array = store.load(${name}, lazy=True)`, `    print(array.shape, array.dtype, array[0])`]
    : [`    array = store.load(${name})`, `    print(array)`]
  if (packed === null)
    return ['from numpack import NumPack', '', `with NumPack(${pythonQuoted(path)}) as store:`, ...read]
  return [
    'from numpack import NumPack, unpack',
    '',
    `unpack(${pythonQuoted(path)}, ${unpacked})`,
    `with NumPack(${unpacked}) as store:`,
    ...read,
  ]
}

function typescript({ path, package: packed }: StoreInfo, array: ArrayInfo): string[] {
  const opening =
    packed === null
      ? [`import { NumPack } from 'numpack'`, '', `using store = NumPack.open(${quoted(path)}, { readOnly: true })`]
      : [`import { openPackage } from 'numpack'`, '', `using store = await openPackage(${quoted(path)})`]
  return [
    ...opening,
    `const array = store.load(${quoted(array.name)}, { lazy: true })`,
    hasRows(array) ? `console.log(array.shape, array.dtype, array.get(0))` : `console.log(array.toList())`,
  ]
}
