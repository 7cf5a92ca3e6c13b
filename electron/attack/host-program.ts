import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { ExplorerHost } from '../../core/explorer/host/host.ts'
import { startServer } from '../web-server/server.ts'

/** Runs the browser host in its own process. Answers each input line with a JSON line of open files and memory. */
const [folder] = process.argv.slice(2) as [string]

const rendererFolder = join(folder, 'renderer')
mkdirSync(join(rendererFolder, 'assets'), { recursive: true })
writeFileSync(join(rendererFolder, 'index.html'), '<!doctype html><title>NumPack Explorer</title>')
writeFileSync(join(rendererFolder, 'assets', 'main-0a1b2c.js'), 'export {}')
writeFileSync(join(rendererFolder, '.hidden.json'), '{"secret":true}')
writeFileSync(join(rendererFolder, 'notes.txt'), 'secret')
writeFileSync(join(folder, 'secret.json'), '{"secret":true}')
symlinkSync(join(folder, 'secret.json'), join(rendererFolder, 'link.json'))
symlinkSync(folder, join(rendererFolder, 'up'))

const worker = join(import.meta.dirname, '../../core/explorer/engine/worker.ts')
const host = new ExplorerHost({
  createWorker: workerData => new Worker(worker, { workerData }),
  dataFolder: join(folder, 'data'),
  cacheFolder: join(folder, 'cache'),
  environment: () => ({
    host: 'browser',
    platform: process.platform,
    version: '1.2.3',
    homeFolder: folder,
    sampleStore: folder,
    canPickFolder: false,
    canShowInFolder: false,
  }),
})
const server = await startServer({ host, rendererFolder, port: 0 })

const print = (line: string): void => void process.stdout.write(`${line}\n`)

function openDescriptors(): number {
  try {
    return readdirSync('/proc/self/fd').length
  } catch {
    return 0
  }
}

process.once('SIGINT', () => {
  void (async () => {
    await server.close()
    await host.close()
    process.exit(0)
  })()
})
process.stdin.on('data', () =>
  print(JSON.stringify({ descriptors: openDescriptors(), mebibytes: Math.round(process.memoryUsage.rss() / 2 ** 20) })),
)
print(server.newAddress())
