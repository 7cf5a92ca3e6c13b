import { expect, test } from 'vitest'
import { cacheFolder, dataFolder } from './user-folders.ts'

test.runIf(process.platform !== 'win32').each<[NodeJS.Platform, NodeJS.ProcessEnv, string]>([
  ['linux', {}, '/home/ada/.local/share/numpack-explorer'],
  ['linux', { XDG_DATA_HOME: '/srv/data' }, '/srv/data/numpack-explorer'],
  ['linux', { XDG_DATA_HOME: 'relative' }, '/home/ada/.local/share/numpack-explorer'],
  ['darwin', { XDG_DATA_HOME: '/srv/data' }, '/home/ada/Library/Application Support/numpack-explorer'],
  ['win32', { LOCALAPPDATA: '/C/Local' }, '/C/Local/numpack-explorer'],
])('%s keeps its data where it belongs: %j', (platform, env, expected) => {
  expect(dataFolder(platform, env, '/home/ada')).toBe(expected)
})

test.runIf(process.platform !== 'win32').each<[NodeJS.Platform, NodeJS.ProcessEnv, string]>([
  ['linux', {}, '/home/ada/.cache/numpack-explorer'],
  ['linux', { XDG_CACHE_HOME: '/srv/cache' }, '/srv/cache/numpack-explorer'],
  ['linux', { XDG_CACHE_HOME: 'relative' }, '/home/ada/.cache/numpack-explorer'],
  ['darwin', {}, '/home/ada/Library/Caches/numpack-explorer'],
  ['win32', { LOCALAPPDATA: '/C/Local' }, '/C/Local/numpack-explorer/Cache'],
])('%s keeps what can be made again where it belongs: %j', (platform, env, expected) => {
  expect(cacheFolder(platform, env, '/home/ada')).toBe(expected)
})
