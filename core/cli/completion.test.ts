import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, type TestContext } from 'vitest'
import { NumPack } from '../storage/numpack.ts'
import { removeFolder } from '../test-support/remove-folder.ts'

const CLI = join(import.meta.dirname, 'numpack.mjs')

let folder = ''

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'numpack-completion-')))
  NumPack.with(join(folder, 'study.npk'), npk => npk.save({ labels: [1], 'left eye': [1], score: [1] }))
  const command = join(folder, 'numpack')
  writeFileSync(command, `#!/bin/sh\nexec '${process.execPath}' '${CLI}' "$@"\n`)
  chmodSync(command, 0o755)
})
afterAll(() => removeFolder(folder))

function complete(...words: string[]): string[] {
  const { stdout } = spawnSync(process.execPath, [CLI, 'complete', '--', ...words], { cwd: folder, encoding: 'utf8' })
  return stdout.split('\n').filter(line => line !== '')
}

test.each<[string[], string[]]>([
  [[''], ['ls', 'info', 'head', 'stats', 'pack', 'unpack', 'verify', 'completion', 'help', '--version', '--help']],
  [['un'], ['unpack']],
  [['--v'], ['--version']],
  [
    ['pack', '--'],
    ['--no-compression', '--overwrite', '--package-version', '--verify', '--json', '--help'],
  ],
  [
    ['pack', '--package-version', ''],
    ['1', '2'],
  ],
  [['pack', 'study.npk', '--package-version', '2', ''], [':paths']],
  [
    ['completion', ''],
    ['bash', 'zsh', 'fish', 'powershell'],
  ],
  [['head', ''], [':paths']],
  [
    ['head', 'study.npk', ''],
    ['labels', 'left eye', 'score'],
  ],
  [
    ['head', '-n', '3', 'study.npk', 'l'],
    ['labels', 'left eye'],
  ],
  [['head', 'study.npk', 'labels', ''], []],
  [['head', 'nowhere.npk', ''], []],
  [['frobnicate', ''], []],
])('%j is completed to %j', (words, expected) => {
  expect(complete(...words)).toEqual(expected)
})

/** Runs a script in a shell that finds the command. Skips the test where there is no such shell. */
function inShell(ctx: TestContext, shell: string, script: string): string[] {
  const path = `${folder}:${process.env['PATH'] ?? ''}`
  const options = { cwd: folder, encoding: 'utf8', env: { ...process.env, PATH: path } } as const
  const { stdout, error } = spawnSync(shell, ['-c', script], options)
  if (error) ctx.skip(`there is no ${shell}`)
  return stdout.split('\n').filter(line => line !== '')
}

const LINES: readonly (readonly [line: string, texts: readonly string[]])[] = [
  ['numpack st', ['stats']],
  ['numpack head study.npk l', ['labels', 'left eye']],
]

describe('the script of a shell', () => {
  test.for([...LINES, ['numpack head stu', ['study.npk']] as const])('completes %j in bash', ([line, texts], ctx) => {
    const words = line.split(' ')
    const script = `eval "$(numpack completion bash)"
      compopt() { :; }
      COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}
      _numpack; printf '%s\\n' "\${COMPREPLY[@]}"`
    expect(inShell(ctx, 'bash', script)).toEqual(texts.map(text => text.replace(' ', '\\ ')))
  })

  test.for([...LINES, ['numpack head stu', [':files']] as const])('completes %j in zsh', ([line, texts], ctx) => {
    const words = line.split(' ')
    const script = `compdef() { :; }; _files() { print :files }; compadd() { shift; print -l -- "$@" }
      eval "$(numpack completion zsh)"
      words=(${words.join(' ')}); CURRENT=${words.length}
      _numpack`
    expect(inShell(ctx, 'zsh', script)).toEqual(texts)
  })

  test.for([...LINES, ['numpack head stu', ['study.npk/']] as const])('completes %j in fish', ([line, texts], ctx) => {
    const script = `numpack completion fish | source; complete -C '${line}'`
    expect(inShell(ctx, 'fish', script).map(text => text.split('\t')[0])).toEqual(texts)
  })
})
