import { doInThread, lowerPriority } from '../storage/thread.ts'

lowerPriority()
doInThread(async () => (await import('./scan-turns.ts')).scanTurns)
