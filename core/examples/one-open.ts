import { NumPack } from 'numpack'
import { run } from './run.ts'
import { normal } from './samples.ts'

/**
 * Opening reads the list of arrays and the bitmaps; then a lazy array costs a microsecond and a row one more. So open
 * once and keep lazy arrays. Load an array again only if another program replaced it.
 */
export function firstValues(folder: string, count = 1000): { reads: number; sum: number } {
  {
    using npk = NumPack.open(`${folder}/lookup.npk`)
    npk.save({ table: normal(5000, 10) })
  }

  let sum = 0
  using npk = NumPack.open(`${folder}/lookup.npk`, { readOnly: true })
  const table = npk.load('table', { lazy: true })
  for (let i = 0; i < count; i++) {
    const row = (i * 7919) % table.length
    sum += Number(table.get(row, 0))
  }
  return { reads: count, sum }
}

if (import.meta.main) run(firstValues)
