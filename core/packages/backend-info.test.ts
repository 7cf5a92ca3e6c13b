import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { getBackendInfo } from './backend-info.ts'
import { scratch } from './test-support/counting-control.ts'
import { zstdBy } from './zstd.ts'

const built = (): boolean => {
  try {
    createRequire(import.meta.url)('zstd-napi/binding')
    return true
  } catch {
    return false
  }
}

test('zstd-napi is used where it was built', ctx => {
  if (!built()) ctx.skip('zstd-napi was not built: the machine has no compiler')
  expect(getBackendInfo().zstd).toBe('zstd-napi')
  expect(zstdBy('node').backend).toBe('node')
})

test('where zstd-napi can not be loaded, Node’s own zstd takes over, and it is said', () => {
  using folder = scratch()
  const root = join(import.meta.dirname, '..')
  for (const part of ['package.json', 'format', 'system', 'storage', 'packages']) {
    cpSync(join(root, part), folder.file(part), { recursive: true })
  }
  const backendThere = (): string => {
    const program = `import { getBackendInfo } from ${JSON.stringify(pathToFileURL(folder.file('packages/backend-info.ts')).href)}; console.log(getBackendInfo().zstd)`
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
    return stdout.trim() || stderr
  }
  expect(backendThere()).toBe('node')
  mkdirSync(folder.file('node_modules/zstd-napi'), { recursive: true })
  writeFileSync(folder.file('node_modules/zstd-napi/binding.js'), 'throw new Error("built for another system")')
  expect(backendThere()).toBe('node')
})
