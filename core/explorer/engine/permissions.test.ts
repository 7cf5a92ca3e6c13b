import { removeFolder } from '../../test-support/remove-folder.ts'
import { chmodSync, cpSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { noUsers, runAs, VICTIM } from '../../test-support/users.ts'

const STORE = join(import.meta.dirname, '../../fixtures/stores/deleted.npk')

const moduleOf = (file: string): string => JSON.stringify(new URL(file, import.meta.url).href)

let root = ''
let store = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'permissions-'))
  chmodSync(root, 0o777)
  store = join(root, 's.npk')
  cpSync(STORE, store, { recursive: true })
  for (const file of readdirSync(store)) chmodSync(join(store, file), 0o644)
  chmodSync(store, 0o755)
})
afterEach(() => removeFolder(root))

function asOther(script: string): unknown {
  const program = `
    import { errorBody } from ${moduleOf('../contract/error-body.ts')}
    import { OpenStore } from ${moduleOf('open-store.ts')}
    import { pack } from ${moduleOf('../../packages/index.ts')}
    const answer = await (async () => { ${script} })().catch(error => errorBody(error))
    console.log(JSON.stringify(answer))`
  const run = runAs(VICTIM, [process.execPath, '--input-type=module-typescript', '-e', program], {
    env: { PATH: process.env['PATH'] },
    timeout: 60_000,
  })
  if (run.status !== 0) throw new Error(run.stderr)
  return JSON.parse(run.stdout)
}

const OPEN = (path: string): string => `return new OpenStore(1, ${JSON.stringify(path)}, 0).info()`

const DENIED = 'the permissions of the file or folder do not allow it (EACCES).'

const missing = noUsers()

test.for([
  ['may not be entered', 0o444],
  ['may neither be listed nor entered', 0o000],
] as const)(
  'a store whose folder %s says so in a sentence that names the folder',
  { timeout: 90_000 },
  ([, mode], { skip }) => {
    skip(missing !== null, missing ?? '')
    chmodSync(store, mode)
    expect(asOther(OPEN(store))).toMatchObject({ code: 'IO', message: `Can't open ${store}: ${DENIED}` })
  },
)

test.for([
  ['data file', 'data_all.npkd'],
  ['deletion bitmap', 'deleted_all.npkb'],
] as const)(
  'an array whose %s may not be read is marked with the reason',
  { timeout: 90_000 },
  ([what, file], { skip }) => {
    skip(missing !== null, missing ?? '')
    chmodSync(join(store, file), 0o600)
    const { arrays } = asOther(OPEN(store)) as { arrays: { name: string; damaged: string | null }[] }
    expect(arrays.filter(({ damaged }) => damaged !== null)).toMatchObject([
      { name: 'all', damaged: `the permissions of its ${what} (${file}) do not allow reading it` },
    ])
  },
)

test('a store whose permissions are given while it is open can be read', { timeout: 90_000 }, ({ skip }) => {
  skip(missing !== null, missing ?? '')
  const own = join(root, 'own.npk')
  const script = `
    const { chmodSync, cpSync } = await import('node:fs')
    cpSync(${JSON.stringify(store)}, ${JSON.stringify(own)}, { recursive: true })
    const file = ${JSON.stringify(join(own, 'data_all.npkd'))}
    chmodSync(file, 0)
    const store = new OpenStore(1, ${JSON.stringify(own)}, 0)
    const damaged = () => store.info().arrays.filter(array => array.damaged !== null).map(array => array.name)
    const before = damaged()
    chmodSync(file, 0o600)
    store.look()
    return [before, damaged()]`
  expect(asOther(script)).toEqual([['all'], []])
})

test('a backup into a folder that may not be written names the folder, not a temporary file', { timeout: 90_000 }, ({
  skip,
}) => {
  skip(missing !== null, missing ?? '')
  chmodSync(root, 0o755)
  expect(
    asOther(`return await pack(${JSON.stringify(store)}, ${JSON.stringify(join(root, 'out.npkg'))})`),
  ).toMatchObject({
    code: 'IO',
    message: `Can't write into ${root}: ${DENIED} Choose another place.`,
    details: { path: root },
  })
})
