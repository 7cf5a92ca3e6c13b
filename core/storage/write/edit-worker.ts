import { doInThread } from '../thread.ts'

doInThread(async () => (await import('./help-edit.ts')).helpEdit)
