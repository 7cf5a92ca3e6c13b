import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startJob } from './job-thread.ts'
import { fixtures, scratch } from './test-support/counting-control.ts'

const verify = (name: string) => startJob({ kind: 'verify', source: join(fixtures, name), sha256: false })

const outcomeOf = (name: string): Promise<string | null | undefined> =>
  verify(name).outcome.then(
    report => (report?.fault === null ? null : report?.fault?.code),
    (error: { code: string }) => error.code,
  )

test('jobs at the same time and one after another each have their own outcome', async () => {
  const names = ['library.npkg', 'damaged/bad-crc.npkg', 'damaged/wrong-magic.npkg', 'empty-v2.npkg']
  const wanted = [null, 'CHECKSUM', 'NOT_A_PACKAGE', null]
  expect(await Promise.all(names.map(outcomeOf))).toEqual(wanted)
  for (const [i, name] of names.entries()) expect(await outcomeOf(name)).toBe(wanted[i])
})

test('cancelling a job ends it alone, also when the next one has its thread', async () => {
  const first = verify('library.npkg')
  first.cancel()
  await expect(first.outcome).rejects.toMatchObject({ code: 'ABORTED' })
  const second = verify('library.npkg')
  first.cancel()
  expect((await second.outcome)?.fault).toBeNull()
})

const canInject = spawnSync('strace', ['-qq', '-o', '/dev/null', '-e', 'inject=fsync:error=EIO', 'true']).status === 0

test.skipIf(!canInject).each(['getdents64', 'statfs', 'mkdir', 'readlink', 'fchmod', 'fsync', 'rmdir'])(
  'a job in which the system refuses every %s is done or rejects with a typed error',
  { timeout: 120_000 },
  call => {
    using folder = scratch()
    const index = JSON.stringify(new URL('../index.ts', import.meta.url).href)
    const script = `import { NumPack, pack, unpack } from ${index}
      const [store, target, copy] = ${JSON.stringify(['s.npk', 's.npkg', 't.npk'].map(name => folder.file(name)))}
      const outcome = job => job.then(() => 'done', error => error.name + ' ' + error.code)
      console.log(await outcome(pack(store, target)), '|', await outcome(unpack(${JSON.stringify(folder.file('good.npkg'))}, copy)))
      process.exit(0)`
    const node = [process.execPath, '--input-type=module-typescript', '-e']
    const prepare = `import { NumPack, pack } from ${index}
      NumPack.with(${JSON.stringify(folder.file('s.npk'))}, npk => npk.save({ a: [1] }))
      await pack(${JSON.stringify(folder.file('s.npk'))}, ${JSON.stringify(folder.file('good.npkg'))})
      process.exit(0)`
    expect(spawnSync(node[0]!, [...node.slice(1), prepare]).status).toBe(0)
    const inject = ['-f', '-qq', '-o', '/dev/null', '-e', `trace=${call}`, '-e', `inject=${call}:error=EIO`]
    const { stdout } = spawnSync('strace', [...inject, ...node, script], { encoding: 'utf8' })
    expect(stdout.trim()).toMatch(/^(?:done|NumPackError IO) \| (?:done|NumPackError IO)$/)
  },
)
