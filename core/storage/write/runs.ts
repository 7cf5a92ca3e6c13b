import { OutputFile } from '../../system/files.ts'
import type { StoreFolder } from '../read/folder.ts'
import type { LoggedRows } from '../read/write-log.ts'
import type { DataSource } from '../read/source.ts'
import { ownFiles } from './own-files.ts'

export type Runs = Pick<LoggedRows, 'positions' | 'lengths' | 'data'>

const MAX_JOINED = 8 * 2 ** 20

export function prepareRuns(folder: StoreFolder, source: DataSource, { positions }: Runs): void {
  let run = 0
  const touched = source.parts.filter(({ start, bytes }) => {
    const first = run
    while (run < positions.length && (positions[run] as number) < start + bytes) run++
    return run > first
  })
  ownFiles(folder, touched)
}

/** Writes runs in place into prepared files, and syncs them. */
export function writeRuns(source: DataSource, { positions, lengths, data }: Runs): void {
  let from = 0
  let run = 0
  /** Bytes of the run that lie in earlier parts. */
  let done = 0
  for (const part of source.parts) {
    const stop = part.start + part.bytes
    if (run >= positions.length) return
    if ((positions[run] as number) + done >= stop) continue
    using file = OutputFile.change(part.file.path, part.file.identity)
    while (run < positions.length && (positions[run] as number) + done < stop) {
      const start = (positions[run] as number) + done
      let end = (positions[run] as number) + (lengths[run++] as number)
      while (run < positions.length && positions[run] === end && end < stop && end - start < MAX_JOINED) {
        end += lengths[run++] as number
      }
      done = 0
      if (end > stop) {
        run--
        done = stop - (positions[run] as number)
        end = stop
      }
      file.write(data.subarray(from, from + end - start), start - part.start)
      from += end - start
    }
    file.sync()
  }
}

export function readRuns(source: DataSource, { positions, lengths, data }: Runs): Runs {
  const bytes = new Uint8Array(data.length)
  let done = 0
  for (let run = 0; run < positions.length; ) {
    const start = positions[run] as number
    let length = lengths[run++] as number
    while (run < positions.length && positions[run] === start + length) length += lengths[run++] as number
    source.read(bytes, done, length, start)
    done += length
  }
  return { positions, lengths, data: bytes }
}

/** Returns the runs that the files have otherwise. Equal bytes need no writing, which a full or failing disk may refuse. */
export function changedRuns(source: DataSource, { positions, lengths, data }: Runs): Runs {
  const present = readRuns(source, { positions, lengths, data }).data
  const changed: number[] = []
  const parts: Uint8Array[] = []
  let at = 0
  for (let run = 0; run < positions.length; run++) {
    const end = at + (lengths[run] as number)
    const part = data.subarray(at, end)
    if (Buffer.compare(part, present.subarray(at, end)) !== 0) {
      changed.push(run)
      parts.push(part)
    }
    at = end
  }
  const pick = (values: Float64Array): Float64Array => Float64Array.from(changed, run => values[run] as number)
  return { positions: pick(positions), lengths: pick(lengths), data: Buffer.concat(parts) }
}
