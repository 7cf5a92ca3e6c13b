import { removeFolder } from '../../test-support/remove-folder.ts'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect } from 'vitest'
import { NO_PIPES } from '../../test-support/missing.ts'
import { testUnless } from '../../test-support/test-unless.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'exchanged-'))
  return () => removeFolder(folder)
})

const sourceOf = (file: string): string => JSON.stringify(new URL(file, import.meta.url).href)

testUnless(NO_PIPES)('a pipe that took a file’s place after the look at it is not waited for', () => {
  const [file, pipe] = [join(folder, 'data'), join(folder, 'pipe')]
  writeFileSync(file, 'hello')
  expect(spawnSync('mkfifo', [pipe]).status).toBe(0)
  // The worst moment: the check sees the file, and the pipe is opened.
  const script = `
      import fs from 'node:fs'
      import { syncBuiltinESMExports } from 'node:module'
      const stat = fs.statSync(${JSON.stringify(file)})
      fs.statSync = () => stat
      syncBuiltinESMExports()
      const { findPath } = await import(${sourceOf('../engine/store-path.ts')})
      try {
        findPath(${JSON.stringify(pipe)})
      } catch (error) {
        console.log(error.code)
      }`
  const args = ['--input-type=module', '-e', script]
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    timeout: 20_000,
    killSignal: 'SIGKILL',
  })
  expect([stdout, stderr]).toEqual(['DAMAGED\n', ''])
})
