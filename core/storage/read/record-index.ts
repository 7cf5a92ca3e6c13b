import type { ArrayRecord } from '../../format/metadata.ts'
import { isSegmentList } from '../../format/names.ts'
import { folded } from '../../format/windows-names.ts'

/** The records of a store in their order, with lookups whose cost does not grow with their number. */
export class RecordIndex {
  readonly #byName: Map<string, ArrayRecord>
  /** Number of records that name each data file. */
  readonly #users = new Map<string, number>()
  readonly #lists = new Set<string>()
  /** Names by how disks that ignore case compare them; null until asked for. */
  #byFolded: Map<string, Set<string>> | null = null

  constructor(records: readonly ArrayRecord[] = []) {
    this.#byName = new Map(records.map(record => [record.name, record]))
    for (const { dataFile } of this.#byName.values()) this.#countFile(dataFile, 1)
  }

  get(name: string): ArrayRecord | undefined {
    return this.#byName.get(name)
  }

  values(): ArrayRecord[] {
    return [...this.#byName.values()]
  }

  /** A new or changed record becomes the last one. */
  put(record: ArrayRecord): void {
    this.delete(record.name)
    this.#byName.set(record.name, record)
    this.#countFile(record.dataFile, 1)
    if (this.#byFolded !== null) addFolded(this.#byFolded, record.name)
  }

  delete(name: string): void {
    const record = this.#byName.get(name)
    if (record === undefined) return
    this.#byName.delete(name)
    this.#countFile(record.dataFile, -1)
    this.#byFolded?.get(folded(name))?.delete(name)
  }

  /** Whether both have the same records in the same order. */
  equals(other: RecordIndex): boolean {
    const others = other.values()
    const records = this.values()
    return (
      records.length === others.length &&
      records.every(({ raw }, i) => Buffer.compare(raw, (others[i] as ArrayRecord).raw) === 0)
    )
  }

  isDataFile(file: string): boolean {
    return this.#users.has(file)
  }

  /** Names of the segment lists. */
  get segmentLists(): Iterable<string> {
    return this.#lists
  }

  /** Whether more than one array may use a file: segment lists may name any. */
  mayBeShared(file: string): boolean {
    return (this.#users.get(file) ?? 0) + this.#lists.size > 1
  }

  /** Returns another name that disks that ignore case take for the same. */
  findSimilar(name: string): string | undefined {
    if (this.#byFolded === null) {
      this.#byFolded = new Map()
      for (const known of this.#byName.keys()) addFolded(this.#byFolded, known)
    }
    return [...(this.#byFolded.get(folded(name)) ?? [])].find(other => other !== name)
  }

  #countFile(file: string, by: number): void {
    const users = (this.#users.get(file) ?? 0) + by
    if (users > 0) this.#users.set(file, users)
    else this.#users.delete(file)
    if (!isSegmentList(file)) return
    if (users > 0) this.#lists.add(file)
    else this.#lists.delete(file)
  }
}

function addFolded(names: Map<string, Set<string>>, name: string): void {
  const key = folded(name)
  names.set(key, (names.get(key) ?? new Set()).add(name))
}
