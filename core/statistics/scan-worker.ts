import { answerInThread, lowerPriority } from '../system/thread.ts'

lowerPriority()
answerInThread(async () => (await import('./scan-thread.ts')).scanInThisThread)
