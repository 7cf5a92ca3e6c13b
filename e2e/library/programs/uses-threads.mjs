import { rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { setImmediate } from 'node:timers/promises'

// Prints which files of the library were found: the WebAssembly kernels, and threads of its three kinds.
const [folder] = process.argv.slice(2)
const compiled = []
const { validate } = WebAssembly
WebAssembly.validate = bytes => {
  compiled.push(bytes.byteLength)
  return validate(bytes)
}
let threads = 0
process.on('worker', () => threads++)
const startedBy = async work => {
  const before = threads
  await work()
  await setImmediate()
  return threads > before
}

const { NDArray, NumPack, pack, verifyPackage } = await import('numpack')
const path = `${folder}/threads.npk`
rmSync(path, { recursive: true, force: true })
const npk = NumPack.open(path)
npk.save({
  large: NDArray.zeros([17 * 2 ** 20], 'float32'),
  half: NDArray.from([[1.5], [-2]], { dtype: 'float16' }),
  small: Float64Array.of(1, 2, 6),
})
npk.drop('small', 0)
const { mean } = await npk.load('small', { lazy: true }).statistics()
const half = await npk.load('half', { lazy: true }).statistics()
const statistics = await startedBy(() => npk.load('large', { lazy: true }).statistics({ workers: 2 }))
const editing = await startedBy(() => npk.writableBatchMode(batch => batch.load('large').iadd(2)))
const first = npk.load('large', { lazy: true }).get(-1)
npk.remove('large')
npk.close()
let fault = null
const packing = await startedBy(async () => {
  try {
    ;({ fault } = await verifyPackage(await pack(path, undefined, { overwrite: true })))
  } catch (error) {
    fault = error.message
  }
})
const alone = availableParallelism() === 1
console.log(
  JSON.stringify({
    mean,
    half: half.min,
    first,
    kernels: compiled,
    statistics,
    editing: editing || alone,
    packing,
    fault,
  }),
)
