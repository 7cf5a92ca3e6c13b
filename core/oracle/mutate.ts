import type { Random } from './random.ts'

const EDGES = [
  0n,
  1n,
  2n,
  13n,
  14n,
  63n,
  64n,
  65n,
  255n,
  2n ** 16n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 63n,
  2n ** 64n - 1n,
]

type Mutation = (bytes: Buffer, random: Random, others: readonly Uint8Array[]) => Buffer

const somewhere = (bytes: Buffer, random: Random): number => random.below(bytes.length + 1)

const edge = (bytes: Buffer, random: Random): bigint =>
  random.below(4) === 0 ? BigInt(bytes.length + random.below(5) - 2) : random.pick(EDGES)

const MUTATIONS: readonly Mutation[] = [
  function flipBit(bytes, random) {
    if (bytes.length > 0) bytes[random.below(bytes.length)]! ^= 1 << random.below(8)
    return bytes
  },
  function setByte(bytes, random) {
    if (bytes.length > 0) bytes[random.below(bytes.length)] = random.below(256)
    return bytes
  },
  function set32(bytes, random) {
    if (bytes.length >= 4) {
      bytes.writeUInt32LE(Number(BigInt.asUintN(32, edge(bytes, random))), random.below(bytes.length - 3))
    }
    return bytes
  },
  function set64(bytes, random) {
    if (bytes.length >= 8) {
      bytes.writeBigUInt64LE(BigInt.asUintN(64, edge(bytes, random)), random.below(bytes.length - 7))
    }
    return bytes
  },
  function cutShort(bytes, random) {
    return bytes.subarray(0, somewhere(bytes, random))
  },
  function addBytes(bytes, random) {
    const more = Buffer.from(Array.from({ length: 1 + random.below(40) }, () => random.below(256)))
    const at = random.below(2) === 0 ? bytes.length : somewhere(bytes, random)
    return Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)])
  },
  function removeRange(bytes, random) {
    const at = somewhere(bytes, random)
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(16))])
  },
  function repeatRange(bytes, random) {
    const at = somewhere(bytes, random)
    return Buffer.concat([bytes.subarray(0, at + random.below(64)), bytes.subarray(at)])
  },
  function splice(bytes, random, others) {
    const other = random.pick(others)
    return Buffer.concat([bytes.subarray(0, somewhere(bytes, random)), other.subarray(random.below(other.length + 1))])
  },
]

export function mutate(file: Uint8Array, random: Random, others: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let bytes: Buffer = Buffer.from(file)
  const changes = random.below(10) < 7 ? 1 : 2 + random.below(2)
  for (let i = 0; i < changes; i++) bytes = random.pick(MUTATIONS)(bytes, random, others)
  return Uint8Array.from(bytes)
}
