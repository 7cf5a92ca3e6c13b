export { cacheFolder, dataFolder } from './own-folders.mjs'
