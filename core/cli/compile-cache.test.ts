import { removeFolder } from '../test-support/remove-folder.ts'
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { beforeEach, describe, expect, test } from 'vitest'
import { ATTACKER, noUsers, runAs, VICTIM } from '../test-support/users.ts'

const ROOT = join(import.meta.dirname, '../..')
const COMMAND = [process.execPath, join(ROOT, 'core/cli/numpack.mjs'), 'info', join(ROOT, 'assets/sample.npk')]

let shared: string
let home: string

beforeEach(ctx => {
  const reason = noUsers()
  if (reason !== null) ctx.skip(reason)
  shared = mkdtempSync(join(tmpdir(), 'compile-cache-'))
  chmodSync(shared, 0o1777)
  home = join(shared, 'home')
  mkdirSync(home)
  chownSync(home, VICTIM, VICTIM)
  return () => removeFolder(shared)
})

const run = (uid: number, env: Record<string, string> = {}) =>
  runAs(uid, COMMAND, { cwd: '/', env: { PATH: process.env['PATH'], HOME: home, TMPDIR: shared, ...env } })

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))

const withContents = (folder: string): string[] => [
  folder,
  ...(readdirSync(folder, { recursive: true }) as string[]).map(name => join(folder, name)),
]

const MARK = 'ANOTHER USER’S CODE RUNS'

/** Bytes of the header of a cache file: magic, source size, cache size, source CRC, cache CRC. */
const HEADER_BYTES = 20

/** Puts code that prints MARK into the cache file of the command line. Returns whether the file is that one. */
function poison(file: string): boolean {
  const bytes = readFileSync(file)
  const text = bytes.subarray(HEADER_BYTES).toString()
  if (!text.includes('makeProgram(cli).parseAsync')) return false
  const poisoned = Buffer.from(`console.error('${MARK}');${text}`)
  bytes.writeUInt32LE(poisoned.length, 8)
  bytes.writeUInt32LE(crc32(poisoned), 16)
  writeFileSync(file, Buffer.concat([bytes.subarray(0, HEADER_BYTES), poisoned]))
  return true
}

/** Returns a compile cache that the attacker has filled and poisoned for the victim. */
function makePoisonedCache(): string {
  const own = join(shared, 'attacker')
  mkdirSync(own)
  chownSync(own, ATTACKER, ATTACKER)
  for (let i = 0; i < 2; i++) expect(run(ATTACKER, { NODE_COMPILE_CACHE: own }).status).toBe(0)
  const [version = ''] = readdirSync(own)
  cpSync(join(own, version), join(own, version.replace(/\d+$/, String(VICTIM))), { recursive: true })
  expect(filesIn(own).filter(poison).length).toBeGreaterThan(0)
  return own
}

function giveToAttacker(folder: string): void {
  for (const path of withContents(folder)) {
    chownSync(path, ATTACKER, ATTACKER)
    chmodSync(path, 0o777)
  }
}

test('the control: compiled code from a poisoned compile cache runs', () => {
  const own = makePoisonedCache()
  giveToAttacker(own)
  expect(run(VICTIM, { NODE_COMPILE_CACHE: own }).stderr).toContain(MARK)
})

test('compiled code that another user put into the temporary folder is not run', () => {
  cpSync(makePoisonedCache(), join(shared, 'node-compile-cache'), { recursive: true })
  giveToAttacker(join(shared, 'node-compile-cache'))
  for (let i = 0; i < 3; i++) {
    const { stdout, stderr } = run(VICTIM)
    expect(stderr).toBe('')
    expect(stdout).toContain('NumPack store')
  }
  expect(readdirSync(shared).sort()).toEqual(['attacker', 'home', 'node-compile-cache'])
})

test('the library writes no compile cache', () => {
  const script = `
    import { verifyPackage } from ${JSON.stringify(join(ROOT, 'core/packages/index.ts'))}
    const { fault } = await verifyPackage(${JSON.stringify(join(ROOT, 'core/fixtures/stores/library.npkg'))})
    console.log(fault)`
  const env = { PATH: process.env['PATH'], HOME: home, TMPDIR: shared }
  writeFileSync(join(shared, 'program.mjs'), script)
  const { stdout, stderr } = runAs(VICTIM, [process.execPath, join(shared, 'program.mjs')], { cwd: '/', env })
  expect([stdout, stderr]).toEqual(['null\n', ''])
  expect(readdirSync(shared).sort()).toEqual(['home', 'program.mjs'])
  expect(readdirSync(home)).toEqual([])
})

const cacheFolder = (): string => join(home, '.cache/numpack-explorer/compile')

describe('the folder for compiled code', () => {
  test('the compile cache folder is created for its user alone and reused', () => {
    expect(run(VICTIM).stderr).toBe('')
    expect(statSync(cacheFolder())).toMatchObject({ uid: VICTIM, mode: 0o040700 })
    run(VICTIM)
    expect(runAs(ATTACKER, ['ls', cacheFolder()]).status).not.toBe(0)
    expect(filesIn(cacheFolder()).filter(poison).length).toBeGreaterThan(0)
    expect(run(VICTIM).stderr).toContain(MARK)
  })

  test.each([
    ['belongs to another user', () => giveToAttacker(cacheFolder())],
    [
      'is a link to the folder of another user',
      () => {
        cpSync(cacheFolder(), join(shared, 'elsewhere'), { recursive: true })
        giveToAttacker(join(shared, 'elsewhere'))
        rmSync(cacheFolder(), { recursive: true })
        symlinkSync(join(shared, 'elsewhere'), cacheFolder())
      },
    ],
  ])('the compile cache folder is not used when it %s', (_, takeOver) => {
    run(VICTIM)
    run(VICTIM)
    filesIn(cacheFolder()).forEach(poison)
    takeOver()
    expect(run(VICTIM)).toMatchObject({ status: 0, stderr: '' })
  })

  test('a compile cache folder that was open to others is closed again', () => {
    run(VICTIM)
    chmodSync(cacheFolder(), 0o777)
    run(VICTIM)
    expect(statSync(cacheFolder()).mode).toBe(0o040700)
  })

  test.each(['compile', '.'])(
    'what others could put into a compile cache folder that was open to them is never run (%s)',
    name => {
      run(VICTIM)
      run(VICTIM)
      filesIn(cacheFolder()).forEach(poison)
      chmodSync(join(cacheFolder(), '..', name), 0o777)
      for (let i = 0; i < 3; i++) expect(run(VICTIM)).toMatchObject({ status: 0, stderr: '' })
      expect(statSync(cacheFolder()).mode).toBe(0o040700)
    },
  )

  test('the compile cache folder is not used below a folder that a group may change', () => {
    run(VICTIM)
    run(VICTIM)
    filesIn(cacheFolder()).forEach(poison)
    chmodSync(join(home, '.cache'), 0o775)
    for (let i = 0; i < 2; i++) expect(run(VICTIM)).toMatchObject({ status: 0, stderr: '' })
  })

  test('root makes no folder in the home folder of another user', () => {
    expect(run(0)).toMatchObject({ status: 0, stderr: '' })
    expect(readdirSync(home)).toEqual([])
  })

  test("a compile cache folder that can't be created is left out without a message", () => {
    rmSync(home, { recursive: true })
    writeFileSync(home, '')
    expect(run(VICTIM)).toMatchObject({ status: 0, stderr: '' })
    expect(existsSync(join(shared, 'node-compile-cache'))).toBe(false)
  })
})

describe('a downloaded folder with compiled code', () => {
  test.each([
    ['empty', { HOME: '' }],
    ['relative', { HOME: '.' }],
  ])('a downloaded folder runs none of its compiled code when HOME is %s and the program starts there', (_, env) => {
    const cwd = join(home, 'download')
    const compiled = join(cwd, '.cache/numpack-explorer/compile')
    cpSync(makePoisonedCache(), compiled, { recursive: true })
    for (const path of withContents(cwd)) chownSync(path, VICTIM, VICTIM)
    chmodSync(compiled, 0o700)
    const before = filesIn(cwd)
    const { status, stderr } = runAs(VICTIM, COMMAND, {
      cwd,
      env: { PATH: process.env['PATH'], TMPDIR: shared, ...env },
    })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(filesIn(cwd)).toEqual(before)
  })
})

test('compiled code is not run from a cache in a folder that another user made first', () => {
  const poisoned = makePoisonedCache()
  const cached = join(shared, 'numpack-explorer')
  mkdirSync(cached)
  chownSync(cached, ATTACKER, ATTACKER)
  chmodSync(cached, 0o777)
  const compiled = join(cached, 'compile')
  cpSync(poisoned, compiled, { recursive: true })
  chmodSync(compiled, 0o700)
  for (const path of withContents(compiled)) chownSync(path, VICTIM, VICTIM)
  expect(run(VICTIM, { XDG_CACHE_HOME: shared })).toMatchObject({ status: 0, stderr: '' })
})

test('a user without a home folder who is unknown to the system can run the program', () => {
  const { status, stdout, stderr } = runAs(VICTIM, COMMAND, { cwd: '/', env: { PATH: process.env['PATH'] } })
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout).toContain('NumPack store')
})
