import { describe, expect, test } from 'vitest'
import { decodeBinaryReply } from '../../core/explorer/contract/frames.ts'
import type { ExplorerEvent, Job } from '../../core/explorer/contract/types.ts'
import { encodeEvent, encodeReply, encodeTooLarge } from './encode.ts'

const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth))

const LARGE = 'x'.repeat(64 * 2 ** 20)

const ENDLESS = {
  toJSON: () => {
    throw new RangeError('Invalid string length')
  },
}

const tooLarge = {
  id: 7,
  ok: false,
  error: { code: 'ARGUMENT', message: expect.stringContaining('too large') as string },
}

describe('replies', () => {
  test('a reply travels as JSON, with bytes as a binary frame', () => {
    expect(encodeReply({ id: 7, ok: true, result: { a: 1 } })).toBe('{"reply":{"id":7,"ok":true,"result":{"a":1}}}')
    const frame = encodeReply({ id: 7, ok: true, result: { a: 1 }, bytes: Uint8Array.of(1, 2, 3).buffer })
    const reply = decodeBinaryReply((frame as Uint8Array<ArrayBuffer>).buffer)
    expect(reply).toEqual({ id: 7, ok: true, result: { a: 1 }, bytes: Uint8Array.of(1, 2, 3).buffer })
  })

  test.each<[string, unknown, ArrayBuffer | undefined]>([
    ['of more than 64 MiB', { text: LARGE }, undefined],
    ['that is longer than any text can be', ENDLESS, undefined],
    ['that nests deeper than the stack', nested(200_000), undefined],
    ['with more than 64 MiB of bytes', {}, new ArrayBuffer(64 * 2 ** 20 + 1)],
    ['with bytes and a header that can’t be written', ENDLESS, new ArrayBuffer(8)],
  ])("a reply that can't be encoded becomes an error: %s", (_, result, bytes) => {
    const text = encodeReply({ id: 7, ok: true, result, ...(bytes && { bytes }) }) ?? encodeTooLarge(7)
    expect(JSON.parse(text as string)).toMatchObject({ reply: tooLarge })
  })
})

test.each([
  ['texts', [LARGE.slice(1), LARGE.slice(1)]],
  ['control characters', Array.from({ length: 120_000 }, () => '\u0001'.repeat(100))],
  ['keys', Array.from({ length: 700 }, () => ({ ['k'.repeat(100_000)]: 1 }))],
])('what is too large is not written as JSON first: %s', (_, value) => {
  let written = 0
  const last = { toJSON: () => ++written }
  expect(encodeReply({ id: 7, ok: true, result: { value, last } })).toBeNull()
  expect(encodeEvent({ type: 'notice', message: [value, last] as unknown as string })).toBeNull()
  expect(written).toBe(0)
})

describe('events', () => {
  test('a store event that is too large is sent with that problem and without warnings', () => {
    const info = { id: 3, path: '/a.npk', name: 'a.npk', sizeBytes: 1, arrays: [], warnings: [LARGE] }
    const store = { ...info, package: null, followsLinks: false }
    const text = encodeEvent({ type: 'storeChanged', store: { ...store, problem: null } })
    const { event } = JSON.parse(text ?? '') as { event: Extract<ExplorerEvent, { type: 'storeChanged' }> }
    expect(event.store).toEqual({ ...store, warnings: [], problem: expect.stringContaining('too large') as string })
  })

  test.each([
    ['done', 'failed'],
    ['failed', 'failed'],
    ['cancelled', 'cancelled'],
  ] as const)('the event that a job is %s is sent though its result is too large', (state, sentState) => {
    const job = { id: 3, kind: 'unpack', params: { source: '/a.npkg', target: '/a.npk', overwrite: false }, started: 1 }
    const progress = { bytesDone: 0, bytesTotal: 0, rate: 0, secondsLeft: null }
    const end = { state, progress, ended: 2, result: { path: LARGE }, error: null }
    const text = encodeEvent({ type: 'taskChanged', task: { ...job, ...end } as Job })
    const { event } = JSON.parse(text ?? '') as { event: Extract<ExplorerEvent, { type: 'taskChanged' }> }
    const error = { code: 'ARGUMENT', message: expect.stringContaining('too large') as string }
    expect(event.task).toMatchObject({ ...job, state: sentState, ended: 2, result: null, error })
  })

  test('any other event that is too large is left out', () => {
    expect(encodeEvent({ type: 'notice', message: LARGE })).toBeNull()
    expect(encodeEvent({ type: 'notice', message: 'a' })).toBe('{"event":{"type":"notice","message":"a"}}')
  })
})
