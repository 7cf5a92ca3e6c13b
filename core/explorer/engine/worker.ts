import { parentPort, workerData } from 'node:worker_threads'
import { keepCompiled, readArchivesAsFiles } from '../../system/thread.ts'
import { runEngine } from './engine.ts'
import type { WorkerStart } from './messages.ts'

keepCompiled()
readArchivesAsFiles()

if (parentPort) void runEngine(parentPort, workerData as WorkerStart)
