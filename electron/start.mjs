import './own-code.mjs'
import { runMain } from '../core/system/run-main.mjs'

await runMain('NumPack Explorer', import.meta.url, () => import('./launcher/main.ts'))
