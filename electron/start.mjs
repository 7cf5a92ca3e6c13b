import { runMain } from './run-main.mjs'

await runMain(import.meta.url, () => import('./start/main.ts'))
