import { doInThread } from '../../system/thread.ts'

doInThread(async () => (await import('./help-edit.ts')).helpEdit)
