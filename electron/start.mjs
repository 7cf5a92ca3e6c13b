import './own-code.mjs'
import { runMain } from './run-main.mjs'

await runMain(import.meta.url, () => import('./launcher/main.ts'))
