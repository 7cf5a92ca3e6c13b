import type { ArrayInfo } from '../../../core/explorer/contract/types.ts'

export function filterArrays(arrays: readonly ArrayInfo[], text: string): readonly ArrayInfo[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return arrays
  return arrays.filter(({ name, dtype }) => {
    const searched = `${name} ${dtype ?? ''}`.toLowerCase()
    return words.every(word => searched.includes(word))
  })
}
