import { answerInThread, lowerPriority } from '../system/thread.ts'

lowerPriority()
answerInThread(async () => (await import('./scan-turns.ts')).scanTurns)
