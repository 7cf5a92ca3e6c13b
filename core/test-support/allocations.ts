type Global = Record<string, new (...args: unknown[]) => unknown>

const BUFFERS = [
  'ArrayBuffer',
  'Uint8Array',
  'Uint16Array',
  'Uint32Array',
  'Int32Array',
  'Float32Array',
  'Float64Array',
  'BigUint64Array',
  'BigInt64Array',
  'Array',
]

/** `largest` is the largest number of bytes that one allocation of a buffer or an array in `work` requested. */
export function watchAllocations<T>(work: () => T): { result: T; largest: number } {
  let largest = 0
  const world = globalThis as unknown as Global
  const originals = BUFFERS.map(name => [name, world[name]!] as const)
  for (const [name, original] of originals) {
    const bytesEach = 'BYTES_PER_ELEMENT' in original ? Number(original.BYTES_PER_ELEMENT) : name === 'Array' ? 8 : 1
    world[name] = new Proxy(original, {
      construct(target, args, newTarget) {
        const [length] = args as [unknown]
        if (args.length === 1 && typeof length === 'number') largest = Math.max(largest, length * bytesEach)
        // The trap must not perform the allocation that the test forbids.
        if (largest > 2 ** 28) throw new RangeError(`an allocation of ${largest} bytes`)
        return Reflect.construct(target, args, newTarget === world[name] ? target : newTarget) as object
      },
      // `Array(n)` is `new Array(n)`; the others throw when called without `new`.
      apply: (_target, _this, args) => new (world[name] as (typeof world)[string])(...args),
    })
  }
  try {
    const result = work()
    return { result, largest }
  } finally {
    for (const [name, original] of originals) world[name] = original
  }
}
