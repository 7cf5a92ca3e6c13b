export { cacheFolder, dataFolder, homeFolder } from './own-folders.mjs'
