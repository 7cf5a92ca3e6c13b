import { useEffect, useState } from 'react'
import type { ArrayInfo, Result, RowSetName } from '../../core/explorer/contract/types.ts'
import { formatElement, formatParsable, viewOf } from '../../core/format/text.ts'
import type { Bridge } from '../bridge/bridge.ts'
import { errorMessage } from './error-message.ts'
import { useApp } from './hooks.ts'

export interface CellDescription extends Result<'describeCell'> {
  value: string
  copyText: string
  bytes: Uint8Array
}

export interface CellAddress {
  store: number
  array: string
  rowSet: RowSetName
  row: number
  column: number
  index: readonly number[]
}

export async function readCell(bridge: Bridge, address: CellAddress, signal?: AbortSignal): Promise<CellDescription> {
  const params = { ...address, index: [...address.index] }
  const { result, bytes } = await bridge.request('describeCell', params, signal ? { signal } : {})
  const data = viewOf(result.dtype, bytes)
  return {
    ...result,
    bytes: new Uint8Array(bytes),
    value: formatElement(result.dtype, data, 0),
    copyText: formatParsable(result.dtype, data, 0),
  }
}

/** Read a cell only after the cursor rests this long, milliseconds. */
const REST_MS = 40

export interface CellState {
  cell: CellDescription | null
  failure: string | null
}

const NOTHING: CellState = { cell: null, failure: null }

/** Reads the element at an address that rests, and again when the array changes; until then keeps the last one. */
export function useCell(address: CellAddress | null, generation: ArrayInfo['generation']): CellState {
  const { bridge } = useApp()
  const [state, setState] = useState(NOTHING)
  const key = address && JSON.stringify([address, generation])
  useEffect(() => {
    if (key === null) return undefined
    const [asked] = JSON.parse(key) as [CellAddress, number]
    const controller = new AbortController()
    const timer = setTimeout(() => {
      readCell(bridge, asked, controller.signal).then(
        cell => setState({ cell, failure: null }),
        (error: unknown) => controller.signal.aborted || setState({ cell: null, failure: errorMessage(error) }),
      )
    }, REST_MS)
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [bridge, key])
  return key === null ? NOTHING : state
}
