import { doInThread, lowerPriority } from '../storage/thread.ts'

lowerPriority()
doInThread(async () => (await import('./do-job.ts')).doJob)
