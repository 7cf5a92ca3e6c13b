import { expect, test } from 'vitest'
import { dataFolder } from './data-folder.ts'

test.runIf(process.platform !== 'win32').each<[NodeJS.Platform, NodeJS.ProcessEnv, string]>([
  ['linux', {}, '/home/ada/.local/share/numpack-explorer'],
  ['linux', { XDG_DATA_HOME: '/srv/data' }, '/srv/data/numpack-explorer'],
  ['linux', { XDG_DATA_HOME: 'relative' }, '/home/ada/.local/share/numpack-explorer'],
  ['darwin', { XDG_DATA_HOME: '/srv/data' }, '/home/ada/Library/Application Support/numpack-explorer'],
  ['win32', { LOCALAPPDATA: '/C/Local' }, '/C/Local/numpack-explorer'],
])('%s keeps its data where it belongs: %j', (platform, env, expected) => {
  expect(dataFolder(platform, env, '/home/ada')).toBe(expected)
})
