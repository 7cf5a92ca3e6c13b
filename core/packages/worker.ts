import { answerInThread, lowerPriority } from '../system/thread.ts'

lowerPriority()
answerInThread(async () => (await import('./do-job.ts')).doJob)
