import { removeFolder } from '../../test-support/remove-folder.ts'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LOCK_FILE } from '../../format/names.ts'
import { ATTACKER, asUser, noAttackers, PYTHON, TEAM, VICTIM } from '../../test-support/users.ts'
import { NumPack } from '../numpack.ts'

const index = new URL('../../index.ts', import.meta.url).href

let root = ''
let store = ''
let victimHome = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'numpack-hostile-lock-'))
  chmodSync(root, 0o755)
  const share = join(root, 'share')
  mkdirSync(share)
  chownSync(share, 0, TEAM)
  chmodSync(share, 0o2770)
  store = join(share, 's.npk')
  victimHome = join(root, 'home')
  mkdirSync(victimHome, 0o700)
  chownSync(victimHome, VICTIM, VICTIM)
})
afterEach(() => removeFolder(root))

const missing = noAttackers()

function spawnAs(user: number, command: readonly string[]): ChildProcess {
  const [setpriv, ...args] = asUser(user, TEAM)
  return spawn(setpriv, [...args, ...command])
}

const saves = (times: number): ChildProcess =>
  spawnAs(VICTIM, [
    process.execPath,
    '--input-type=module-typescript',
    '-e',
    `import { NumPack } from '${index}'
    process.umask(0o002)
    for (let i = 0; i < ${times}; i++)
      try { NumPack.with('${store}', npk => npk.save({ a: [i] })) }
      catch (error) { console.log(error.code, error.message) }
    console.log('end')`,
  ])

async function outputOf(child: ChildProcess): Promise<string> {
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Buffer) => (output += String(data)))
  await once(child, 'close')
  return output
}

async function attack(script: string, ...args: string[]): Promise<{ ended: Promise<unknown> }> {
  const attacker = spawnAs(ATTACKER, [PYTHON, '-c', script, store, ...args])
  const ended = once(attacker, 'close')
  await once(attacker.stdout!, 'data')
  return { ended }
}

const beside = (work: string): string => `
import fcntl, os, sys, time
lock = sys.argv[1] + '/${LOCK_FILE}'
fd = os.open(lock, os.O_RDWR)
fcntl.lockf(fd, fcntl.LOCK_EX, 1024, 0x40000000)
print('held', flush=True)
inode = ':%d ' % os.fstat(fd).st_ino
while True:
    waiting = [line for line in open('/proc/locks') if inode in line]
    others = [n for n in os.listdir(sys.argv[1]) if n.startswith('${LOCK_FILE}.')]
    if others or len(waiting) > 1: break
    time.sleep(0.01)
time.sleep(0.3)
os.pwrite(fd, b'SQLite format 3\\0' + bytes([2, 0, 2, 2, 0, 64, 32, 32]) + bytes(488), 0)
for name in [lock] + [os.path.join(sys.argv[1], n) for n in others]:
    ${work}
fcntl.lockf(fd, fcntl.LOCK_UN, 1024, 0x40000000)
`

test.for([
  ['a pipe in the place of its journal', "os.mkfifo(name + '-journal', 0o666)"],
  ['a pipe in the place of its log', "os.mkfifo(name + '-wal', 0o666)"],
  ['an empty log and index', "open(name + '-wal', 'w').close(); open(name + '-shm', 'w').close()"],
] as const)(
  'who fills the lock that is waited for and puts %s beside it keeps nobody waiting and ends no program',
  { timeout: 120_000 },
  async ([, work], { skip }) => {
    skip(missing !== null, missing ?? '')
    expect(await outputOf(saves(1))).toBe('end\n')
    const { ended } = await attack(beside(work))
    const victim = saves(1)
    const output = await outputOf(victim)
    await ended
    expect(victim.exitCode).toBe(0)
    expect(output).toMatch(/^IO .*can't be locked[^]*end\n$/)
  },
)

const EXCHANGE = `
import ctypes, os, struct, sys, time
store, mine = sys.argv[1:]
os.chdir(store)
libc = ctypes.CDLL(None, use_errno=True)
magic = bytes([0xd9,0xd5,0x05,0xf9,0x20,0xa1,0x63,0xd7])
page = (b'EVIL bytes of the attacker. ' * 20)[:512]
check = 0; i = 512 - 200
while i > 0: check += page[i]; i -= 200
journal = (magic + struct.pack('>IIIII', 1, 0, 1, 512, 512)).ljust(512, b'\\0') + struct.pack('>I', 1) + page + struct.pack('>I', check)
lock, name = b'${LOCK_FILE}', '${LOCK_FILE}-journal'
print('ready', flush=True)
while not os.path.exists('stop'):
    try:
        if not os.path.lexists(name):
            open('.j', 'wb').write(journal); os.chmod('.j', 0o666); os.rename('.j', name)
        if not os.path.lexists(lock): open(lock, 'wb').close()
        for _ in range(20): libc.renameat2(-100, lock, -100, mine.encode(), 2)
    except OSError: pass
`

test('who exchanges the lock for a file of the other user, with a journal beside it, has that file and its snapshot unchanged', {
  timeout: 180_000,
}, async ({ skip }) => {
  skip(missing !== null, missing ?? '')
  expect(await outputOf(saves(1))).toBe('end\n')
  const report = join(store, 'data_report.npkd')
  const text = 'the numbers of the year\n'.repeat(300)
  writeFileSync(report, text, { mode: 0o644 })
  chownSync(report, VICTIM, VICTIM)
  const snapshot = join(victimHome, 'snapshot')
  linkSync(report, snapshot)
  const { ended } = await attack(EXCHANGE, 'data_report.npkd')
  try {
    expect(await outputOf(saves(60))).toMatch(/end\n$/)
  } finally {
    writeFileSync(join(store, 'stop'), '')
  }
  await ended
  expect(readFileSync(snapshot, 'utf8')).toBe(text)
})

test('a lock that somebody made so that it may have no other name is an error that says what to do', async ({
  skip,
}) => {
  skip(missing !== null, missing ?? '')
  expect(await outputOf(saves(1))).toBe('end\n')
  const script = `import os, sys
os.chdir(sys.argv[1])
os.unlink('${LOCK_FILE}')
open('${LOCK_FILE}', 'w').close()
os.chmod('${LOCK_FILE}', 0o4660)
os.mkfifo('${LOCK_FILE}-wal', 0o666)`
  expect(await outputOf(spawnAs(ATTACKER, [PYTHON, '-c', script, store]))).toBe('')
  const isRefused = readFileSync('/proc/sys/fs/protected_hardlinks', 'utf8').trim() === '1'
  expect(await outputOf(saves(1))).toMatch(isRefused ? /^IO .*can't be locked.*remove it/ : /^end/)
})

const sharedStore = (): void => {
  NumPack.with(store, npk => npk.save({ a: [1] }))
  chmodSync(store, 0o2775)
}
const OLD = new Date(Date.now() - 3600_000)

test.skipIf(process.platform === 'win32').each([
  ['a writer that was killed leaves', linkSync],
  ['a copy of a store whose writer was killed has', copyFileSync],
])('%s an entry that a later one removes', (_, make) => {
  sharedStore()
  const folder = join(store, `${LOCK_FILE}.4194304-0-1`)
  mkdirSync(folder, 0o700)
  make(join(store, LOCK_FILE), join(folder, 'abcdefghijklmnopqrstuv'))
  NumPack.with(store, npk => npk.save({ a: [2] }))
  expect(readdirSync(store).filter(name => name.startsWith(LOCK_FILE))).toEqual([LOCK_FILE])
})

test.skipIf(process.platform === 'win32').each([
  ['755', ['__init__.py']],
  ['700', ['__init__.py']],
  ['700', ['abcdefghijklmnopqrstuv', 'data_log.npkd']],
])('a folder of mode %s with the empty files %j that gets the name of an old entry loses nothing', (mode, files) => {
  sharedStore()
  const folder = join(store, `${LOCK_FILE}.4194304-0-1`)
  mkdirSync(folder)
  chmodSync(folder, mode)
  for (const file of files) writeFileSync(join(folder, file), '')
  utimesSync(folder, OLD, OLD)
  linkSync(join(store, LOCK_FILE), join(root, 'second'))
  NumPack.with(store, npk => npk.save({ a: [2] }))
  expect(readdirSync(folder).sort()).toEqual([...files].sort())
})

test.skipIf(process.platform === 'win32')(
  'a folder that came with the store does not pass for a name of the lock',
  () => {
    sharedStore()
    mkdirSync(join(store, `${LOCK_FILE}.1-0-1`), 0o700)
    linkSync(join(store, LOCK_FILE), join(root, 'second'))
    NumPack.with(store, npk => npk.save({ a: [2] }))
    expect(statSync(join(store, LOCK_FILE)).nlink).toBe(1)
  },
)
