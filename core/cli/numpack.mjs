#!/usr/bin/env node
import { runMain } from '../system/run-main.mjs'

await runMain('numpack', import.meta.url, () => import('./main.ts'))
