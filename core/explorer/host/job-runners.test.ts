import { expect, test } from 'vitest'
import type { PackageReport } from '../../packages/verify.ts'
import { boundedReport } from './job-runners.ts'

const fault = { code: 'DAMAGED', message: 'It is cut off.', details: {} } as const

const report = (count: number, nameOf: (number: number) => string): PackageReport => ({
  path: '/a.npkg',
  version: 1,
  files: Array.from({ length: count }, (_, number) => ({
    name: nameOf(number),
    originalSize: 0,
    compressedSize: 0,
    codec: 'raw',
    crc32: 0,
    sha256: null,
    fault: number === count - 1 ? fault : null,
  })),
  storedChecksum: 1,
  computedChecksum: 1,
  fault,
  missingArrays: Array.from({ length: count }, (_, number) => nameOf(number)),
})

test('the result of verifying a package of very many files counts all and lists some, faulty ones first', () => {
  const result = boundedReport(report(200_001, String))
  expect(result).toMatchObject({ fileCount: 200_001, missingCount: 200_001, fault, path: '/a.npkg' })
  expect(result.files[0]).toMatchObject({ name: '200000', fault })
  expect(result.files[1]).toMatchObject({ name: '0', fault: null })
  expect(result.files.length).toBeLessThanOrEqual(1000)
  expect(result.missingArrays.length).toBeLessThanOrEqual(1000)
})

test('the results of all jobs that are kept fit into one message, whatever the names are', () => {
  // A control character takes six bytes.
  const result = boundedReport(report(200_001, number => String(number).padStart(240, '\u0001')))
  expect(104 * JSON.stringify(result).length).toBeLessThan(64 * 2 ** 20)
})

test('the result of verifying a usual package lists all of it', () => {
  const result = boundedReport(report(100, String))
  expect([result.files.length, result.missingArrays.length]).toEqual([100, 100])
})
