import { expect, test } from 'vitest'
import { cacheFolder, dataFolder, homeFolder } from './user-folders.ts'
import { testUnless } from '../test-support/test-unless.ts'

testUnless(process.platform === 'win32' ? 'Windows joins paths with backslashes' : null).each<
  [NodeJS.Platform, NodeJS.ProcessEnv, string]
>([
  ['linux', {}, '/home/ada/.local/share/numpack-explorer'],
  ['linux', { XDG_DATA_HOME: '/srv/data' }, '/srv/data/numpack-explorer'],
  ['linux', { XDG_DATA_HOME: 'relative' }, '/home/ada/.local/share/numpack-explorer'],
  ['darwin', { XDG_DATA_HOME: '/srv/data' }, '/home/ada/Library/Application Support/numpack-explorer'],
  ['win32', { LOCALAPPDATA: '/C/Local' }, '/C/Local/numpack-explorer'],
])('%s keeps its data where it belongs: %j', (platform, env, expected) => {
  expect(dataFolder(platform, env, '/home/ada')).toBe(expected)
})

testUnless(process.platform === 'win32' ? 'Windows joins paths with backslashes' : null).each<
  [NodeJS.Platform, NodeJS.ProcessEnv, string]
>([
  ['linux', {}, '/home/ada/.cache/numpack-explorer'],
  ['linux', { XDG_CACHE_HOME: '/srv/cache' }, '/srv/cache/numpack-explorer'],
  ['linux', { XDG_CACHE_HOME: 'relative' }, '/home/ada/.cache/numpack-explorer'],
  ['darwin', {}, '/home/ada/Library/Caches/numpack-explorer'],
  ['win32', { LOCALAPPDATA: '/C/Local' }, '/C/Local/numpack-explorer/Cache'],
])('%s keeps what can be made again where it belongs: %j', (platform, env, expected) => {
  expect(cacheFolder(platform, env, '/home/ada')).toBe(expected)
})

const noEntry = (): string => {
  throw Object.assign(new Error('uv_os_homedir returned ENOENT'), { code: 'ENOENT' })
}

test.each<[string, () => string]>([
  ['is empty', () => ''],
  ['is relative', () => 'downloads'],
  ['is not known to the system', noEntry],
])('a home folder that %s is none', (_, find) => {
  expect(homeFolder(find)).toBe(null)
})

test.each<[NodeJS.Platform]>([['linux'], ['darwin'], ['win32']])(
  'on %s a user without a home folder has no folder for data, and none below the current one',
  platform => {
    expect([dataFolder(platform, {}, null), cacheFolder(platform, {}, null)]).toEqual([null, null])
  },
)

testUnless(process.platform === 'win32' ? 'Windows joins paths with backslashes' : null)(
  'a user without a home folder can still say where data belongs',
  () => {
    const env = { XDG_DATA_HOME: '/srv/data', XDG_CACHE_HOME: '/srv/cache' }
    expect(dataFolder('linux', env, null)).toBe('/srv/data/numpack-explorer')
    expect(cacheFolder('linux', env, null)).toBe('/srv/cache/numpack-explorer')
  },
)
