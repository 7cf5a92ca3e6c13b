import { doInThread, lowerPriority } from '../system/thread.ts'

lowerPriority()
doInThread(async () => (await import('./do-job.ts')).doJob)
