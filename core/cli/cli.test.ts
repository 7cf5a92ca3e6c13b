import { removeFolder } from '../test-support/remove-folder.ts'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  truncateSync,
  watch,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { encodeMetadata } from '../format/metadata.ts'
import { getPackageInfo, verifyPackage } from '../packages/index.ts'

const ROOT = join(import.meta.dirname, '../..')
const CLI = join(ROOT, 'core/cli/numpack.mjs')
const STORES = join(ROOT, 'core/fixtures/stores')

let folder: string
const running = new Set<ChildProcess>()

beforeEach(() => {
  // On the disk: the package that is interrupted may claim more space than memory has.
  folder = realpathSync(mkdtempSync(join(process.env['DISK_TMPDIR'] ?? tmpdir(), 'numpack-cli-')))
})

afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
  running.clear()
  removeFolder(folder)
})

interface CommandResult {
  status: number | null
  stdout: string
  stderr: string
}

function run(...args: string[]): CommandResult {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], { cwd: folder, encoding: 'utf8' })
  return { status, stdout, stderr }
}

function copyOf(store: string, name = store): string {
  cpSync(join(STORES, store), join(folder, name), { recursive: true })
  return name
}

const contents = (store: string): Record<string, string> =>
  Object.fromEntries(readdirSync(store).map(file => [file, readFileSync(join(store, file), 'base64')]))

describe('info', () => {
  test('info describes a package and lists its files', () => {
    const { status, stdout, stderr } = run('info', join(STORES, 'library.npkg'))
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^version +2, labelled zstd$/m)
    expect(stdout).toMatch(/^ *768 kB +712 kB +92\.7% +zstd +data_embeddings\.npkd$/m)
    expect(stdout).toMatch(/^ *30\.7 kB +30\.7 kB +100% +raw +data_thumbnail\.npkd$/m)
    expect(stdout).toMatch(/^ *900 kB +789 kB +87\.7% +together$/m)
  })

  test('info --json returns what the library returns', async () => {
    const path = join(STORES, 'deleted-v2-zlib.npkg')
    const { status, stdout } = run('info', path, '--json')
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toEqual(await getPackageInfo(path))
  })

  test('info of a damaged package lists what can be read and says what is wrong', () => {
    const { status, stdout, stderr } = run('info', join(STORES, 'damaged/truncated.npkg'))
    expect(status).toBe(1)
    expect(stdout).toMatch(/^files +16, 5 can be listed$/m)
    expect(stdout).toMatch(/data_first_and_last\.npkd {2}\(DAMAGED\)$/m)
    expect(stderr).toMatch(/truncated\.npkg: the package ends early[^\n]*\n$/)
  })

  test('info of a store lists its arrays and counts deleted rows', () => {
    const { status, stdout, stderr } = run('info', join(STORES, 'deleted.npk'))
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^int32 +298 × 3 +2 +3\.60 kB +first_and_last$/m)
    expect(stdout).toMatch(/^int32 +300 × 3 +3\.60 kB +none$/m)
  })

  test('info of a damaged store gives the reason of the damaged array and lists the others', () => {
    const store = join(STORES, 'damaged/missing-data.npk')
    const { status, stdout } = run('info', store)
    expect(status).toBe(1)
    expect(stdout).toMatch(/^array 'random' is damaged: its data file is missing/m)
    expect(stdout).toMatch(/ none$/m)
    const { damaged, arrays } = JSON.parse(run('info', store, '--json').stdout) as {
      damaged: { name: string }[]
      arrays: Record<string, { dtype: string; deletedRows: number }>
    }
    expect(damaged.map(({ name }) => name)).toEqual(['random'])
    expect(arrays['all']).toMatchObject({ dtype: 'int32', deletedRows: 300 })
  })
})

test('pack, verify and unpack write nothing but their result without a terminal', () => {
  const store = copyOf('deleted.npk')
  const before = contents(join(folder, store))
  const packed = run('pack', store, '--verify')
  expect(packed).toMatchObject({ status: 0, stderr: '' })
  expect(packed.stdout).toMatch(/^Packed into deleted\.npkg: 16 files, 30\.0 kB in 15\.8 kB \(52\.8%\), verified\.\n$/)
  expect(run('verify', 'deleted.npkg')).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^deleted\.npkg is intact: 16 files/) as string,
    stderr: '',
  })
  const unpacked = run('unpack', 'deleted.npkg', 'elsewhere/x.npk')
  expect(unpacked).toMatchObject({ status: 0, stderr: '' })
  expect(unpacked.stdout).toMatch(
    /^Unpacked into elsewhere\/x\.npk: 16 files, 30\.0 kB, checksum [0-9a-f]{8} is right\.\n$/,
  )
  expect(contents(join(folder, 'elsewhere/x.npk'))).toEqual(before)
  expect(readdirSync(folder).sort()).toEqual(['deleted.npk', 'deleted.npkg', 'elsewhere'])
})

test('the options of pack, verify and unpack work, with --json too', async () => {
  const store = copyOf('names.npk')
  const raw = run('pack', store, 'raw', '--no-compression', '--package-version', '2', '--json')
  expect(JSON.parse(raw.stdout)).toMatchObject({
    path: 'raw.npkg',
    version: 2,
    compressionName: 'none',
    compressionRatio: 1,
    verified: false,
  })
  expect((await getPackageInfo(join(folder, 'raw.npkg'))).files.every(({ codec }) => codec === 'raw')).toBe(true)
  const old = readFileSync(join(folder, 'raw.npkg'))
  const refused = run('pack', store, 'raw', '--json')
  expect(refused.status).toBe(1)
  expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: 'EXISTS' } })
  expect(refused.stderr).toMatch(/raw\.npkg is there already/)
  expect(readFileSync(join(folder, 'raw.npkg'))).toEqual(old)
  expect(run('pack', store, 'raw', '--overwrite').status).toBe(0)
  expect((await getPackageInfo(join(folder, 'raw.npkg'))).version).toBe(1)
  expect(run('unpack', 'raw.npkg', store).status).toBe(1)
  expect(JSON.parse(run('unpack', 'raw.npkg', store, '--overwrite', '--json').stdout)).toMatchObject({
    path: store,
    verified: true,
  })
  expect(contents(join(folder, store))).toEqual({ ...contents(join(STORES, store)), '.numpack.lock': '' })
})

describe('a damaged package', () => {
  test.each(['bad-crc', 'bomb', 'escape-dotdot', 'wrong-magic'].map(name => `${name}.npkg`))(
    '%s is recognized as damaged and is not unpacked',
    name => {
      const path = join(STORES, 'damaged', name)
      const found = run('verify', path)
      expect(found.status).toBe(1)
      expect(found.stderr).toContain(name)
      const unpacked = run('unpack', path, 'x.npk')
      expect([unpacked.status, unpacked.stdout]).toEqual([1, ''])
      expect(readdirSync(folder)).toEqual([])
    },
  )

  test('--json reports a damaged package as the library does', async () => {
    const path = join(STORES, 'damaged/size-lies.npkg')
    const { status, stdout } = run('verify', path, '--json')
    expect(status).toBe(1)
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(await verifyPackage(path))))
  })

  test('unpack takes a damaged package without its checksum when asked to', () => {
    const { status, stdout } = run('unpack', join(STORES, 'damaged/bad-crc.npkg'), 'x.npk', '--no-verify')
    expect(status).toBe(0)
    expect(stdout).not.toContain('checksum')
    expect(contents(join(folder, 'x.npk'))).toEqual(contents(join(STORES, 'deleted.npk')))
  })
})

describe('wrong usage ends with status 2 and a message on standard error', () => {
  test.each([
    [[], /Usage: numpack/],
    [['frobnicate', 'x'], /unknown command 'frobnicate'/],
    [['pack'], /missing required argument/],
    [['pack', 'a', 'b', 'c'], /too many arguments/],
    [['verify', 'x', '--frob'], /unknown option '--frob'/],
    [['pack', 'x', '--package-version', '3'], /Allowed choices are 1, 2/],
    [['info', ''], /The path is empty/],
  ])('wrong usage ends with status 2: %j', (args, message) => {
    expect(run(...args)).toEqual({ status: 2, stdout: '', stderr: expect.stringMatching(message) as string })
  })
})

test.each([
  [['info', 'nowhere'], /^nowhere is not there[^\n]*\n$/],
  [['verify', '.'], /is not a NumPack package/],
  [['pack', 'nowhere'], /nowhere is not there/],
  [['pack', '.'], /is no NumPack store/],
])('a command that fails ends with status 1 and one line of reason: %j', (args, message) => {
  expect(run(...args)).toEqual({ status: 1, stdout: '', stderr: expect.stringMatching(message) as string })
})

test('help and version end with status 0', () => {
  for (const word of ['info', 'pack', 'unpack', 'verify']) expect(run('--help').stdout).toContain(word)
  expect(run('unpack', '--help')).toMatchObject({ status: 0, stderr: '' })
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }
  expect(run('--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' })
})

const INVISIBLE = [
  '\u001b[2J',
  '\u007f',
  '\u0085',
  '\u009b31m',
  '\u061c',
  '\u200b',
  '\u200e',
  '\u200f',
  '\u2028',
  '\u202e',
]
const HOSTILE = `data_${[...INVISIBLE, '\u2066', '\ufeff', '\u{e0041}'].join('x')}.npkd`
const invisibleIn = (text: string): string[] => text.match(/(?!\n)[\p{Cc}\p{Cf}\u2028\u2029]/gu) ?? []

describe('a name that would steer the terminal is escaped', () => {
  test('info escapes a name that would steer the terminal', () => {
    const store = copyOf('empty.npk')
    writeFileSync(join(folder, store, HOSTILE), 'x')
    run('pack', store)
    for (const command of ['info', 'verify']) {
      const { stdout, stderr } = run(command, 'empty.npkg')
      expect(invisibleIn(stdout + stderr)).toEqual([])
    }
    expect(run('info', 'empty.npkg').stdout).toContain('data_\\u{1b}[2Jx\\u{7f}x\\u{85}x\\u{9b}31mx\\u{61c}')
  })

  test('info --json escapes a name that would steer the terminal, and programs read the same name', async () => {
    const store = copyOf('empty.npk')
    writeFileSync(join(folder, store, HOSTILE), 'x')
    run('pack', store)
    const path = join(folder, 'empty.npkg')
    const { stdout } = run('info', path, '--json')
    expect(invisibleIn(stdout)).toEqual([])
    expect(JSON.parse(stdout)).toEqual(await getPackageInfo(path))
  })

  test.each([
    [['info', HOSTILE]],
    [['info', HOSTILE, '--json']],
    [['verify', HOSTILE]],
    [['unpack', HOSTILE, `x${HOSTILE}`]],
    [['pack', 'nowhere', HOSTILE]],
    [[HOSTILE]],
    [['info', `--${HOSTILE}`]],
  ])('an error escapes a name that would steer the terminal: %j', args => {
    const { status, stdout, stderr } = run(...args)
    expect(status).not.toBe(0)
    expect(stderr).not.toBe('')
    expect(invisibleIn(stdout + stderr)).toEqual([])
  })
})

test('an unexpected error prints a sentence and no stack trace', () => {
  const script = `
    import { main } from ${JSON.stringify(join(ROOT, 'core/cli/main.ts'))}
    setImmediate(() => { throw new Error('a \\u001b[31mthread failed') })
    await main(['verify', ${JSON.stringify(join(STORES, 'library.npkg'))}])`
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  expect([status, stderr]).toEqual([1, 'Something failed that was not expected: a \\u{1b}[31mthread failed\n'])
})

/** Makes a store whose one array claims 24 GB and takes no space: packing it can be interrupted. */
function makeLargeStore(): string {
  const bytes = 24e9
  mkdirSync(join(folder, 'large.npk'))
  writeFileSync(join(folder, 'large.npk/data_a.npkd'), '')
  truncateSync(join(folder, 'large.npk/data_a.npkd'), bytes)
  const record = { name: 'a', dtype: 'uint8', shape: [bytes], dataFile: 'data_a.npkd', sizeBytes: bytes } as const
  writeFileSync(join(folder, 'large.npk/metadata.npkm'), encodeMetadata([{ ...record, lastModified: 1 }]))
  return 'large.npk'
}

/** Sends a signal to a command once it writes. Resolves with its exit status, or the signal that ended it. */
async function interrupt(
  node: string,
  args: string[],
  signal: NodeJS.Signals,
  env: Record<string, string> = {},
): Promise<number | string | null> {
  const begun = Promise.withResolvers<void>()
  const watcher = watch(folder, (_, name) => {
    if (name?.endsWith('.tmp') === true) begun.resolve()
  })
  const child = spawn(node, [CLI, ...args], { cwd: folder, stdio: 'ignore', env: { ...process.env, ...env } })
  running.add(child)
  const ended = new Promise<number | string | null>(resolve => {
    child.once('exit', (status, killedBy) => resolve(status ?? killedBy))
  })
  await Promise.race([begun.promise, ended])
  watcher.close()
  child.kill(signal)
  return ended
}

test('a signal ends a command by force when its thread does not come back from the disk', async ctx => {
  ctx.skip(process.platform === 'win32', 'Windows has no signals')
  const preload = join(folder, 'hang.mjs')
  writeFileSync(
    preload,
    `import { writeFileSync } from 'node:fs'
    import { isMainThread } from 'node:worker_threads'
    if (!isMainThread) {
      writeFileSync('begun.tmp', '')
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
    }`,
  )
  const env = { NODE_OPTIONS: `--import=${preload}` }
  expect(await interrupt(process.execPath, ['pack', copyOf('deleted.npk')], 'SIGINT', env)).toBe('SIGKILL')
})

const nodes = [process.execPath, '/usr/bin/node', '/usr/local/bin/node'].filter(node => existsSync(node))

describe.each(nodes)('commands started by %s', node => {
  test('a command works whichever Node starts it', () => {
    const { status, stderr, stdout } = spawnSync(node, [CLI, 'verify', join(STORES, 'library.npkg')], {
      encoding: 'utf8',
    })
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toContain('is intact')
    expect(spawnSync(node, [CLI, 'verify', join(STORES, 'damaged/bomb.npkg')]).status).toBe(1)
  })

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s cancels a command and leaves nothing behind', async (signal, status) => {
    expect(await interrupt(node, ['pack', makeLargeStore(), '--no-compression'], signal)).toBe(status)
    expect(readdirSync(folder)).toEqual(['large.npk'])
  })
})

test('progress takes one line on a terminal and is cleared at the end', ctx => {
  const command = `'${process.execPath}' '${CLI}' pack '${copyOf('deleted.npk')}'`
  const { status, stdout, error } = spawnSync('script', ['-qec', command, '/dev/null'], {
    cwd: folder,
    encoding: 'utf8',
  })
  if (error) ctx.skip("there is no command 'script' to make a terminal with")
  expect(status).toBe(0)
  const lines = stdout.split('\n')
  expect(lines).toHaveLength(2)
  const shown = lines[0]!.split('\r\u001b[K')
  expect(shown.some(text => /^Packing +100% {2}30\.0 kB of 30\.0 kB {2}/.test(text))).toBe(true)
  expect(shown.at(-1)).toMatch(/^Packed into deleted\.npkg/)
})
