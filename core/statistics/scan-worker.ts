import { doInThread, lowerPriority } from '../system/thread.ts'

lowerPriority()
doInThread(async () => (await import('./scan-thread.ts')).scanInThisThread)
