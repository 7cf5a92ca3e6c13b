import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { scratch } from '../packages/test-support/counting-control.ts'
import { noStrace } from '../test-support/strace.ts'

test.for(['getdents64', 'statfs', 'mkdir', 'readlink', 'fchmod', 'fsync', 'rmdir'])(
  'packing and unpacking succeed or reject with a typed error while the system refuses every %s',
  (call, ctx) => {
    const reason = noStrace()
    if (reason !== null) ctx.skip(reason)
    using folder = scratch()
    const index = JSON.stringify(new URL('../index.ts', import.meta.url).href)
    const script = `import { pack, unpack } from ${index}
      const [store, target, copy] = ${JSON.stringify(['s.npk', 's.npkg', 't.npk'].map(name => folder.file(name)))}
      const outcome = job => job.then(() => 'done', error => error.name + ' ' + error.code)
      console.log(await outcome(pack(store, target)), '|', await outcome(unpack(${JSON.stringify(folder.file('good.npkg'))}, copy)))
      process.exit(0)`
    const node = [process.execPath, '--input-type=module-typescript', '-e']
    const prepare = `import { NumPack, pack } from ${index}
      NumPack.with(${JSON.stringify(folder.file('s.npk'))}, npk => npk.save({ a: [1] }))
      await pack(${JSON.stringify(folder.file('s.npk'))}, ${JSON.stringify(folder.file('good.npkg'))})
      process.exit(0)`
    expect(spawnSync(node[0]!, [...node.slice(1), prepare]).status).toBe(0)
    const inject = ['-f', '-qq', '-o', '/dev/null', '-e', `trace=${call}`, '-e', `inject=${call}:error=EIO`]
    const { stdout } = spawnSync('strace', [...inject, ...node, script], { encoding: 'utf8' })
    expect(stdout.trim()).toMatch(/^(?:done|NumPackError IO) \| (?:done|NumPackError IO)$/)
  },
)
