import { removeFolder } from '../../test-support/remove-folder.ts'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ATTACKER, asUser, noAttackers, PYTHON, runAs, VICTIM } from '../../test-support/users.ts'

const EXCHANGE = `
import ctypes, os, sys
folder, first, second = sys.argv[1:]
os.chdir(folder)
libc = ctypes.CDLL(None, use_errno=True)
count = 0
print('ready', flush=True)
while not os.path.exists('../stop'):
    for _ in range(200):
        count += libc.renameat2(-100, first.encode(), -100, second.encode(), 2) == 0
print(count)
`

let root = ''
let store = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'numpack-two-users-'))
  chmodSync(root, 0o777)
  store = join(root, 'shared.npk')
})
afterEach(() => removeFolder(root))

const missing = noAttackers()
const index = new URL('../../index.ts', import.meta.url).href

const runAsVictim = (script: string): string =>
  runAs(
    VICTIM,
    [process.execPath, '--input-type=module-typescript', '-e', `import { NumPack } from '${index}'\n${script}`],
    { env: { PATH: process.env['PATH'] }, timeout: 80_000 },
  ).stderr

test.for([
  ['its data file', 'data_a.npkd', 'home/.profile', 'npk.replace({ a: Uint8Array.of(1, 2) }, [0, 3])'],
  ['its data file, appended to', 'data_a.npkd', 'home/.profile', 'npk.append({ a: Uint8Array.of(1) })'],
  ['its metadata', 'metadata.npkm', 'home/.profile', "npk.drop(['a', 'b'], 0); npk.restore('a'); npk.restore('b')"],
  ['the lock', '.numpack.lock', 'home/.profile', 'npk.replace({ a: Uint8Array.of(1, 2) }, [0, 3])'],
] as const)(
  'a fellow writer who exchanges %s for a link all the time has no file of the other user changed',
  { timeout: 180_000 },
  async ([, file, target, change], { skip }) => {
    skip(missing !== null, missing ?? '')
    const home = join(root, 'home')
    mkdirSync(home)
    const precious = join(root, target)
    writeFileSync(precious, 'precious')
    const own = spawnSync('chown', ['-R', String(VICTIM), home])
    expect(own.status).toBe(0)
    chmodSync(home, 0o700)
    chmodSync(precious, 0o600)
    expect(
      runAsVictim(`process.umask(0)
        NumPack.with('${store}', npk => npk.save({ a: new Uint8Array(8), b: [1, 2] }))`),
    ).toBe('')
    chmodSync(store, 0o777)
    runAs(ATTACKER, ['ln', '-s', precious, join(store, 'swap')])
    const [setpriv, ...args] = asUser(ATTACKER)
    const attacker = spawn(setpriv, [...args, PYTHON, '-c', EXCHANGE, store, file, 'swap'])
    let printed = ''
    attacker.stdout.on('data', (chunk: Buffer) => (printed += String(chunk)))
    try {
      await once(attacker.stdout, 'data')
      const errors = runAsVictim(`for (let i = 0; i < 40; i++) {
        try { NumPack.with('${store}', npk => { ${change} }) }
        catch (error) { if (error.name !== 'NumPackError') throw error }
      }`)
      expect(errors).toBe('')
    } finally {
      writeFileSync(join(root, 'stop'), '')
    }
    await once(attacker, 'close')
    expect(Number(/\d+/.exec(printed)?.[0])).toBeGreaterThan(0)
    expect(readFileSync(precious, 'utf8')).toBe('precious')
    expect(existsSync(`${precious}-journal`)).toBe(false)
  },
)
