import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { expect, vi } from 'vitest'
import { usualAccess } from './permissions.ts'
import { scratch } from './test-support/counting-control.ts'
import { NO_MODES } from '../test-support/missing.ts'
import { testUnless } from '../test-support/test-unless.ts'

const exchange = vi.hoisted(() => ({ to: '' }))

vi.mock('node:fs', async original => {
  const fs = await original<typeof import('node:fs')>()
  return {
    ...fs,
    mkdirSync: (path: string, options?: object) =>
      exchange.to === '' ? fs.mkdirSync(path, options) : fs.symlinkSync(exchange.to, path),
  }
})

testUnless(NO_MODES)(
  'a link in the place of the folder that shows the usual mode is an error, and its mode is not taken over',
  () => {
    using folder = scratch()
    const open = folder.file('open')
    mkdirSync(open)
    chmodSync(open, 0o777)
    exchange.to = open
    try {
      expect(() => usualAccess(folder.file('probe'))).toThrow(
        expect.objectContaining({ name: 'NumPackError', code: 'IO' }),
      )
    } finally {
      exchange.to = ''
    }
    expect(existsSync(open)).toBe(true)
  },
)

testUnless(NO_MODES)('the usual mode is the one that the umask leaves', () => {
  using folder = scratch()
  const before = process.umask(0o027)
  try {
    expect(usualAccess(folder.file('probe')).mode & 0o777).toBe(0o750)
  } finally {
    process.umask(before)
  }
  expect(existsSync(folder.file('probe'))).toBe(false)
})
