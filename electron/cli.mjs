#!/usr/bin/env node
import { runMain } from './run-main.mjs'

await runMain(import.meta.url, () => import('./cli/main.ts'))
