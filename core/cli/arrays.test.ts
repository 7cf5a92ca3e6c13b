import { spawnSync } from 'node:child_process'
import { mkdtempSync, realpathSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NDArray } from '../array/ndarray.ts'
import { pack } from '../packages/index.ts'
import { NumPack } from '../storage/numpack.ts'
import { removeFolder } from '../test-support/remove-folder.ts'

const CLI = join(import.meta.dirname, 'numpack.mjs')

let folder = ''
let store = ''

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'numpack-cli-arrays-')))
  store = join(folder, 'study.npk')
  NumPack.with(store, npk => {
    npk.save({
      wide: new NDArray('int64', [3, 2], BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n, 1n, 2n, 3n, 4n)),
      score: Float32Array.of(0.1, NaN, -Infinity, -0),
      wave: new NDArray('complex64', [1], Float32Array.of(0.5, -0.25)),
      image: new NDArray('uint8', [2, 2, 2], Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)),
      many: new NDArray('uint8', [1, 100], new Uint8Array(100).fill(200)),
    })
    npk.drop('wide', [1])
  })
  await pack(store)
})
afterAll(() => removeFolder(folder))

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], { cwd: folder, encoding: 'utf8' })
  return { status, stdout, stderr }
}

const lines = (...args: string[]): string[] => {
  const { status, stdout, stderr } = run(...args)
  expect([status, stderr]).toEqual([0, ''])
  return stdout.trimEnd().split('\n')
}

const rowsOf = (...args: string[]): string[][] => lines(...args).map(line => line.trim().split(/ {2,}/))

describe.each(['study.npk', 'study.npkg'])('of %s', path => {
  test('ls lists each array with its dtype, shape, deleted rows and size', () => {
    expect(rowsOf('ls', path)).toEqual([
      ['dtype', 'shape', 'deleted', 'size', 'array'],
      ['uint8', '2 × 2 × 2', '8 B', 'image'],
      ['uint8', '1 × 100', '100 B', 'many'],
      ['float32', '4', '16 B', 'score'],
      ['complex64', '1', '8 B', 'wave'],
      ['int64', '2 × 2', '1', '48 B', 'wide'],
    ])
    const listed = JSON.parse(run('ls', path, '--json').stdout) as unknown[]
    expect(listed.at(-1)).toEqual({
      name: 'wide',
      dtype: 'int64',
      shape: [2, 2],
      deletedRows: 1,
      sizeBytes: 48,
      damaged: null,
    })
  })

  test('head prints rows as NumPy reads them, without the deleted ones', () => {
    expect(rowsOf('head', path, 'wide')).toEqual([
      ['0', '-9223372036854775808', '9223372036854775807'],
      ['1', '3', '4'],
    ])
    expect(rowsOf('head', path, 'score')).toEqual([
      ['0', '0.1'],
      ['1', 'nan'],
      ['2', '-inf'],
      ['3', '-0.0'],
    ])
    expect(rowsOf('head', path, 'wave')).toEqual([['0', '0.5-0.25j']])
    expect(rowsOf('head', path, 'image', '--from', '-1')).toEqual([['1', '5', '6', '7', '8']])
    expect(rowsOf('head', path, 'score', '-n', '1', '--from', '2')).toEqual([['2', '-inf']])
    expect(run('head', path, 'score', '-n', '0')).toEqual({ status: 0, stdout: '', stderr: '' })
  })

  test('head --json has every digit of 64-bit integers, and texts for what JSON has no number for', () => {
    const { stdout } = run('head', path, 'wide', '--json')
    expect(stdout).toMatch(/-9223372036854775808,\s+9223372036854775807\s/)
    expect(JSON.parse(run('head', path, 'score', '-n', '3', '--from', '1', '--json').stdout)).toEqual({
      array: 'score',
      dtype: 'float32',
      shape: [3],
      from: 1,
      rows: ['NaN', '-Infinity', -0],
    })
  })

  test('stats gives the figures that NumPy gives', () => {
    const { stdout } = run('stats', path, 'wide')
    for (const line of [
      /^array 'wide': int64, 2 × 2$/m,
      /^elements +4$/m,
      /^minimum +-9223372036854775808 at \[0, 0\]$/m,
      /^maximum +9223372036854775807 at \[0, 1\]$/m,
      /^sum +6$/m,
      /^mean +1\.5$/m,
    ]) {
      expect(stdout).toMatch(line)
    }
    expect(run('stats', path, 'score').stdout).toMatch(/^NaN +1 \(25\.0%\)$[^]*^-infinity +1 \(25\.0%\)$/m)
    const json = run('stats', path, 'wide', '--json').stdout
    expect(json).toMatch(/"max": 9223372036854775807,/)
    expect(JSON.parse(json)).toMatchObject({ array: 'wide', dtype: 'int64', count: 4, mean: 1.5 })
  })
})

test('an array may be left out where there is only one; of several, one has to be named', () => {
  NumPack.with(join(folder, 'one.npk'), npk => npk.save({ only: [7] }))
  expect(rowsOf('head', 'one.npk')).toEqual([['0', '7.0']])
  expect(run('stats', 'study.npk')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/has 5 arrays\. Name one of them: 'image', .*'wide'\.\n$/) as string,
  })
  expect(run('head', 'study.npk', 'nowhere')).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/no array 'nowhere'/) as string,
  })
})

test('wrong numbers and more rows than can be printed are refused', () => {
  for (const number of ['x', '', '1.5', '1e99', '-5'])
    expect(run('head', 'study.npk', 'score', '-n', number)).toMatchObject({ status: 2, stdout: '' })
  const large = join(folder, 'large.npk')
  NumPack.with(large, npk => npk.save({ a: new Uint8Array(2 ** 22 + 1) }))
  const { status, stderr } = run('head', large, '-n', '1e9')
  expect([status, stderr]).toEqual([2, expect.stringMatching(/^4194305 rows have .* Give fewer --rows\.\n$/)])
})

test('ls lists the arrays of a store with a damaged one, says why it is damaged and ends with status 1', () => {
  const damaged = join(folder, 'damaged.npk')
  NumPack.with(damaged, npk => npk.save({ whole: [1, 2], short: Float64Array.of(1, 2) }))
  truncateSync(join(damaged, 'data_short.npkd'), 3)
  const { status, stdout, stderr } = run('ls', damaged)
  expect(status).toBe(1)
  expect(stdout).toMatch(/ whole$/m)
  expect(stderr).toMatch(/^array 'short' is damaged: data file shorter than its shape says/)
})

test('a reader that stops reading ends the command without a word', () => {
  NumPack.with(join(folder, 'long.npk'), npk => npk.save({ a: new Uint8Array(2 ** 20) }))
  const command = `'${process.execPath}' '${CLI}' head long.npk -n 1000000 | head -c 1 >/dev/null; echo \${PIPESTATUS[0]}`
  const { stdout, stderr } = spawnSync('bash', ['-c', command], { cwd: folder, encoding: 'utf8' })
  expect([stdout, stderr]).toEqual(['141\n', ''])
})

test('on a terminal a wide row is cut to its width; elsewhere it is whole', ctx => {
  expect(rowsOf('head', 'study.npk', 'many')[0]).toHaveLength(101)
  const command = `stty columns 40; '${process.execPath}' '${CLI}' head study.npk many`
  const { stdout, error } = spawnSync('script', ['-qec', command, '/dev/null'], { cwd: folder, encoding: 'utf8' })
  if (error) ctx.skip("there is no command 'script' to make a terminal with")
  expect(stdout.trimEnd()).toBe('0  200  200  200  200  …  200  200  200')
})
