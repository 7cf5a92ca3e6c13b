import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startJob } from './job-thread.ts'
import { STORES } from '../test-support/fixture-stores.ts'

const verify = (name: string) => startJob({ kind: 'verify', source: join(STORES, name), sha256: false })

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
