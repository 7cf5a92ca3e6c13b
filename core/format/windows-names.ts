/** Device names on Windows, with any extension. */
const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i

/** What Windows refuses in the name of an array or its files, as the end of the sentence "its name ...", or null. */
export function windowsNameProblem(name: string): string | null {
  // oxlint-disable-next-line no-control-regex -- control characters are among what Windows refuses
  const refused = /[<>:"|?*\u0000-\u001f]/.exec(name)
  if (refused !== null) return `holds the character ${JSON.stringify(refused[0])}, which Windows refuses in file names`
  if (/[. ]$/.test(name)) return 'ends with a dot or a space, which Windows cuts off'
  if (WINDOWS_DEVICE.test(name)) return 'is the name of a Windows device'
  return null
}

/** Folds a name as case-insensitive disks compare it: final sigma equals sigma, and ß equals ss. */
export const folded = (name: string): string => name.normalize('NFC').toLowerCase().toUpperCase().normalize('NFC')

/** Returns the names that Windows refuses or takes for another one of them, with why: the end of "its name ...". */
export function windowsNameProblems(names: readonly string[]): Map<string, string> {
  const problems = new Map<string, string>()
  const first = new Map<string, string>()
  for (const name of names) {
    const key = folded(name)
    const similar = first.get(key)
    if (similar === undefined) first.set(key, name)
    const problem =
      similar === undefined
        ? windowsNameProblem(name)
        : `differs only in case from '${similar}', which Windows takes for the same`
    if (problem !== null) problems.set(name, problem)
  }
  return problems
}
