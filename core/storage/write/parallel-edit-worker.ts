import { doInThread } from '../../system/thread.ts'

doInThread(async () => (await import('./join-parallel-edit.ts')).joinParallelEdit)
