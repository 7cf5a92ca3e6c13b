import { doInThread, lowerPriority } from '../system/thread.ts'

lowerPriority()
doInThread(async () => (await import('./scan-turns.ts')).scanTurns)
