import { isErrno } from './io-error.ts'
import { sleep } from './sleep.ts'

/** Milliseconds between attempts: in all, as long as a virus scanner or an indexer looks at a new file. */
const PAUSES = [5, 10, 20, 40, 80, 160, 320, 640]

/** Errors of a name that another program uses for a moment. On Windows, missing permissions have the same codes. */
const REFUSED_FOR_A_MOMENT =
  process.platform === 'win32' ? ['EBUSY', 'EPERM', 'EACCES', 'ENOTEMPTY'] : ['EBUSY', 'ETXTBSY']

/** Renames or removes, and tries again for about a second while another program uses the name. */
export function insist(work: () => void): void {
  for (const milliseconds of PAUSES) {
    try {
      work()
      return
    } catch (error) {
      if (!isErrno(error, ...REFUSED_FOR_A_MOMENT)) throw error
    }
    sleep(milliseconds)
  }
  work()
}
