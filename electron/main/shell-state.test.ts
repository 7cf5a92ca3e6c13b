import { removeFolder } from '../../core/test-support/remove-folder.ts'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readShellState, type ShellState, writeShellState } from './shell-state.ts'
import { NO_LINKS, NO_MODES, NO_PIPES } from '../../core/test-support/missing.ts'
import { testUnless } from '../../core/test-support/test-unless.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'shell-state-'))
})
afterEach(() => removeFolder(folder))

const state: ShellState = {
  windows: [{ number: 2, placement: { bounds: { x: -5, y: 0, width: 800, height: 600 }, maximized: true } }],
  theme: 'dark',
  zoomLevel: -1,
}
const defaults: ShellState = { windows: [], theme: 'system', zoomLevel: 0 }

test('saved window settings are read back, in a new folder too', () => {
  const file = path.join(folder, 'new', 'window.json')
  writeShellState(file, state)
  expect(readShellState(file)).toEqual(state)
  expect(readdirSync(path.dirname(file))).toEqual(['window.json'])
})

test('missing or damaged window settings give the defaults', () => {
  const file = path.join(folder, 'window.json')
  expect(readShellState(file)).toEqual(defaults)
  for (const text of ['', '{"placement":', 'null', '[]']) {
    writeFileSync(file, text)
    expect(readShellState(file)).toEqual(defaults)
  }
})

test('one invalid setting does not discard the others', () => {
  const file = path.join(folder, 'window.json')
  writeFileSync(file, JSON.stringify({ ...state, theme: 'pink' }))
  expect(readShellState(file)).toEqual({ ...state, theme: 'system' })
  writeFileSync(file, JSON.stringify({ theme: 'light', windows: [{ bounds: { x: 'left' } }], zoomLevel: 99 }))
  expect(readShellState(file)).toEqual({ ...defaults, theme: 'light' })
})

testUnless(NO_MODES)('only their owner can read the window settings, even in a folder that was open to others', () => {
  const settings = path.join(folder, 'settings')
  mkdirSync(settings)
  chmodSync(settings, 0o755)
  const file = path.join(settings, 'window.json')
  writeShellState(file, state)
  expect(statSync(settings).mode & 0o777).toBe(0o700)
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

testUnless(NO_LINKS)('window settings are written through no link that lies beside them', () => {
  const victim = path.join(folder, 'victim')
  writeFileSync(victim, 'mine')
  const file = path.join(folder, 'window.json')
  for (const name of [file, `${file}.tmp`, `${file}.${process.pid}.tmp`]) symlinkSync(victim, name)
  writeShellState(file, state)
  expect(readFileSync(victim, 'utf8')).toBe('mine')
  expect(readShellState(file)).toEqual(state)
})

test("window settings that can't be written are not an error", () => {
  const file = path.join(folder, 'file')
  writeFileSync(file, '')
  expect(() => writeShellState(path.join(file, 'window.json'), state)).not.toThrow()
})

testUnless(NO_PIPES)('a pipe in the place of the window settings is not waited for', ({ skip }) => {
  const file = path.join(folder, 'window.json')
  skip(spawnSync('mkfifo', [file]).status !== 0, 'there is no mkfifo')
  const program = `
    import { readShellState } from ${JSON.stringify(new URL('shell-state.ts', import.meta.url).href)}
    console.log(JSON.stringify(readShellState(${JSON.stringify(file)})))
  `
  const command = ['--input-type=module', '-e', program]
  const { stdout } = spawnSync(process.execPath, command, { encoding: 'utf8', timeout: 60_000 })
  expect(stdout.trim()).toBe(JSON.stringify(defaults))
})
