import { useCallback, useEffect, useRef, useState } from 'react'
import type { Params } from '../../core/explorer/contract/types.ts'
import { endOfReading } from '../state/end-of-reading.ts'
import { useApp } from '../state/hooks.ts'
import { throttle } from '../ui/throttle.ts'
import { mergeColumns, noColumns } from './column-figures.ts'

/** Columns that are summed up in one go over all rows. */
const COLUMNS_AT_ONCE = 2048

/** A table that fills need not be drawn anew with every piece. */
const DRAW_EVERY_MS = 150

export interface ColumnsRead {
  /** As `noColumns` and `mergeColumns` make them; the same array, filling. */
  fields: Float64Array
  /** Rows times columns. */
  done: number
  total: number
  state: 'reading' | 'done' | 'cancelled' | 'failed'
}

type Where = Omit<Params<'readColumns'>, 'rows' | 'columns'>

/** Figures of every column, filling as the array is read; other ones when anything asked for is. */
export function useColumns(
  where: Where,
  size: { rows: number; columns: number },
  generation: number,
): { read: ColumnsRead | null; cancel: () => void } {
  const app = useApp()
  const [read, setRead] = useState<{ key: string; read: ColumnsRead } | null>(null)
  const controller = useRef<AbortController>(null)
  const key = JSON.stringify([where, size, generation])
  useEffect(() => {
    const [where, { rows, columns }] = JSON.parse(key) as [Where, typeof size]
    const abort = new AbortController()
    controller.current = abort
    const fields = noColumns(columns)
    let done = 0
    const show = (state: ColumnsRead['state']): void =>
      setRead({ key, read: { fields, done, total: rows * columns, state } })
    const draw = throttle(() => show('reading'), DRAW_EVERY_MS)
    const readAll = async (): Promise<void> => {
      for (let first = 0; first < columns; first += COLUMNS_AT_ONCE) {
        const last = Math.min(columns, first + COLUMNS_AT_ONCE)
        for (let row = 0; row < rows; ) {
          const params: Params<'readColumns'> = { ...where, rows: [row, rows], columns: [first, last] }
          const { result, bytes } = await app.bridge.request('readColumns', params, { signal: abort.signal })
          mergeColumns(fields, first, new Float64Array(bytes))
          done += (result.rows[1] - row) * (last - first)
          if (result.rows[1] === row) return
          row = result.rows[1]
          draw()
        }
      }
    }
    const read = async (): Promise<void> => {
      const end = await endOfReading(app, readAll(), abort.signal)
      if (end === null) return
      draw.cancel()
      show(end)
    }
    void read()
    return () => {
      draw.cancel()
      abort.abort()
    }
  }, [app, key])
  const cancel = useCallback(() => controller.current?.abort('user'), [])
  return { read: read?.key === key ? read.read : null, cancel }
}
