import { type Command, Option } from 'commander'
import { formatBytes, pluralize, formatPercent } from '../format/quantities.ts'
import { visibleText } from '../format/visible-text.ts'
import { getPackageInfo, pack, unpack, verifyPackage } from '../packages/index.ts'
import type { PackageInfo } from '../packages/info.ts'
import { isFolder } from '../system/make-folders.ts'
import { type Cli, type Flags, show, withProgress } from './command-line.ts'
import { formatChecksum, formatPackageInfo, formatReport, notOnWindows } from './package-text.ts'
import { readStoreSummary, formatStoreSummary } from './store-text.ts'

export function addInfo(program: Command, cli: Cli): void {
  program
    .command('info')
    .description('show what a store or a package is and what it holds')
    .argument('<path>', 'a store (data.npk) or a package (data.npkg)')
    .action(async (path: string, flags: Flags) => {
      if (isFolder(path)) {
        const info = readStoreSummary(path)
        show(cli, flags, info, formatStoreSummary(info))
        if (info.damaged.length > 0) cli.bad()
        return
      }
      const info = await getPackageInfo(path)
      show(cli, flags, info, formatPackageInfo(info))
      warnOfWindows(cli, info)
      if (info.fault === null) return
      cli.printError(visibleText(info.fault.message))
      cli.bad()
    })
}

interface PackFlags extends Flags {
  readonly compression: boolean
  readonly overwrite?: boolean
  readonly packageVersion: '1' | '2'
  readonly verify?: boolean
}

export function addPack(program: Command, cli: Cli): void {
  program
    .command('pack')
    .description('pack a store into one file')
    .argument('<path>', 'the store')
    .argument('[target]', 'the package; data.npkg beside data.npk by default')
    .option('--no-compression', 'store every file uncompressed')
    .option('--overwrite', 'replace an existing target')
    .addOption(
      new Option('--package-version <version>', 'format version; every NumPack reads 1')
        .choices(['1', '2'])
        .default('1'),
    )
    .option('--verify', 'read the package back and compare it with the store')
    .action(async (source: string, target: string | undefined, flags: PackFlags) => {
      const { compression, overwrite = false, packageVersion, verify = false } = flags
      const options = { compression, overwrite, version: packageVersion === '2' ? 2 : 1, verify } as const
      const path = await withProgress(cli, 'Packing', job => pack(source, target, { ...options, ...job }))
      const packed = await getPackageInfo(path)
      const { files: _, ...info } = packed
      const { fileCount, totalOriginalSize, packageSize } = info
      const sizes = `${pluralize(fileCount, 'file')}, ${formatBytes(totalOriginalSize)} in ${formatBytes(packageSize)}`
      const ratio = compression ? ` (${formatPercent(packageSize, totalOriginalSize)})` : ''
      const proof = verify ? ', verified' : ''
      show(cli, flags, { ...info, verified: verify }, `Packed into ${visibleText(path)}: ${sizes}${ratio}${proof}.`)
      warnOfWindows(cli, packed)
    })
}

interface UnpackFlags extends Flags {
  readonly overwrite?: boolean
  readonly verify: boolean
}

export function addUnpack(program: Command, cli: Cli): void {
  program
    .command('unpack')
    .description('unpack a package into a store')
    .argument('<path>', 'the package')
    .argument('[target]', 'the store; data.npk beside data.npkg by default')
    .option('--overwrite', 'replace an existing target, once the package is unpacked')
    .option('--no-verify', 'skip the checksum; everything else is still checked')
    .action(async (source: string, target: string | undefined, flags: UnpackFlags) => {
      const { overwrite = false, verify } = flags
      const path = await withProgress(cli, 'Unpacking', job => unpack(source, target, { overwrite, verify, ...job }))
      const { fileCount, totalOriginalSize, storedChecksum } = await getPackageInfo(source)
      const proof = verify && storedChecksum !== null ? `, checksum ${formatChecksum(storedChecksum)} is right` : ''
      const text = `Unpacked into ${visibleText(path)}: ${pluralize(fileCount, 'file')}, ${formatBytes(totalOriginalSize)}${proof}.`
      show(cli, flags, { path, fileCount, totalOriginalSize, verified: verify }, text)
    })
}

export function addVerify(program: Command, cli: Cli): void {
  program
    .command('verify')
    .description('verify a whole package: sizes, checksum, metadata')
    .argument('<path>', 'the package')
    .action(async (source: string, flags: Flags) => {
      const report = await withProgress(cli, 'Verifying', job => verifyPackage(source, job))
      show(cli, flags, report, formatReport(report))
      if (report.fault === null) return
      cli.printError(visibleText(report.fault.message))
      cli.bad()
    })
}

function warnOfWindows(cli: Cli, info: PackageInfo): void {
  for (const warning of notOnWindows(info)) cli.printError(visibleText(warning))
}
