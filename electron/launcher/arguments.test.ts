import { describe, expect, test } from 'vitest'
import { readArguments } from './arguments.ts'

const run = { kind: 'run', paths: [], browser: false, port: 0, dev: false }

test.each([
  [[], run],
  [['a.npk', '/b.npk'], { ...run, paths: ['a.npk', '/b.npk'] }],
  [['--browser', '--port', '8080', 'a.npk'], { ...run, browser: true, port: 8080, paths: ['a.npk'] }],
  [['a.npk', '--port=0', '--browser'], { ...run, browser: true, paths: ['a.npk'] }],
  [['--dev', 'a.npk'], { ...run, dev: true, paths: ['a.npk'] }],
  [['--', '--odd.npk'], { ...run, paths: ['--odd.npk'] }],
  [['--help', '--port', 'x'], { kind: 'help' }],
  [['-h'], { kind: 'help' }],
  [['--version'], { kind: 'version' }],
])('the command line %j is parsed', (argv, command) => {
  expect(readArguments(argv)).toEqual(command)
})

describe('wrong command lines', () => {
  test.each([
    [['--brwoser'], '--brwoser'],
    [['-x'], '-x'],
    [['--port'], '--port'],
    [['--port', '70000'], '70000'],
    [['--port', '-1'], '--port'],
    [['--port', '80.5'], '80.5'],
    [['--port', ''], '--port'],
    [['--browser=yes'], '--browser'],
    [[''], 'path'],
  ])('a wrong command line gives one line that names what is wrong: %j', (argv, named) => {
    const command = readArguments(argv)
    expect(command).toMatchObject({ kind: 'wrong', message: expect.stringContaining(named) })
    expect('message' in command && command.message).not.toContain('\n')
  })
})
