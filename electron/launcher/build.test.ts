import { removeFolder } from '../../core/test-support/remove-folder.ts'
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { needsBuild } from './build.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'build-'))
  write('renderer/app/main.tsx', 10)
  write('core/format/dtype.ts', 10)
  write('package-lock.json', 10)
  write('dist/renderer/index.html', 20)
  write('dist/main/main.cjs', 20)
  write('dist/preload/preload.cjs', 20)
  write('dist/renderer/third-party-notices.json', 20)
})

afterEach(() => removeFolder(root))

function write(file: string, seconds: number): void {
  const path = join(root, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, '')
  utimesSync(path, seconds, seconds)
}

test('a bundle newer than its sources is used without a build', () => {
  expect(needsBuild(root)).toBe(false)
})

test.each(['renderer/grid/new.css', 'core/explorer/engine/service.ts', 'electron/main/main.ts', 'package-lock.json'])(
  'a change of %s causes a build',
  file => {
    write(file, 30)
    expect(needsBuild(root)).toBe(true)
  },
)

test.each(['core/fixtures/stores/expected.json', 'core/format/dtype.test.ts', 'e2e/browser/open.spec.ts'])(
  'a change of %s causes no build',
  file => {
    write(file, 30)
    expect(needsBuild(root)).toBe(false)
  },
)

test.each(['dist/renderer/index.html', 'dist/renderer/third-party-notices.json', 'dist/main/main.cjs', 'dist'])(
  'a missing %s causes a build',
  product => {
    rmSync(join(root, product), { recursive: true })
    expect(needsBuild(root)).toBe(true)
  },
)
