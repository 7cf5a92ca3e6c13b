import { expect, test } from 'vitest'
import { getBackendInfo, memoryUsage } from './platform.ts'

test('getBackendInfo returns the system and the versions of the library and of Node', () => {
  const names = { win32: 'Windows', darwin: 'Darwin' } as Partial<Record<NodeJS.Platform, string>>
  expect(getBackendInfo()).toMatchObject({
    platform: names[process.platform] ?? 'Linux',
    isWindows: process.platform === 'win32',
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    nodeVersion: process.versions.node,
  })
})

test('memoryUsage returns megabytes', () => {
  expect(memoryUsage() * 1e6).toBeGreaterThan(process.memoryUsage().heapUsed)
  expect(memoryUsage() * 1e6).toBeLessThan(1e12)
})
