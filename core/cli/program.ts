import { Command, Option } from 'commander'
import { formatBytes, pluralize, formatPercent } from '../format/quantities.ts'
import { visibleJson, visibleText } from '../format/visible-text.ts'
import { getPackageInfo, pack, unpack, verifyPackage } from '../packages/index.ts'
import { libraryVersion } from '../system/library-folder.ts'
import { isFolder } from '../system/make-folders.ts'
import { formatChecksum, formatPackageInfo, formatReport } from './package-text.ts'
import { ProgressLine } from './progress-line.ts'
import { readStoreSummary, formatStoreSummary } from './store-text.ts'

export interface Cli {
  readonly signal: AbortSignal
  readonly print: (text: string) => void
  readonly printError: (text: string) => void
  readonly bad: () => void
}

export function makeProgram(cli: Cli): Command {
  const program = new Command('numpack')
    .description('Back up NumPack stores into packages, verify the packages and unpack them.')
    .version(libraryVersion(), '-v, --version')
    .helpOption('-h, --help', 'show this help')
    .showHelpAfterError('See --help.')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(visibleLines(text)) })
  for (const add of [addInfo, addPack, addUnpack, addVerify]) add(program, cli)
  program.commands.forEach(command =>
    command.option('--json', 'print the result as JSON on standard output').copyInheritedSettings(program),
  )
  return program
}

export const formatJson = (result: object): string => visibleJson(JSON.stringify(result, null, 2))

const visibleLines = (text: string): string => text.split('\n').map(visibleText).join('\n')

const show = ({ print }: Cli, json: boolean, result: object, text: string): void =>
  print(json ? formatJson(result) : text)

function addInfo(program: Command, cli: Cli): void {
  program
    .command('info')
    .description('show the contents of a package or a store')
    .argument('<path>', 'a package (data.npkg) or a store (data.npk)')
    .action(async (path: string, { json = false }: { json?: boolean }) => {
      if (isFolder(path)) {
        const info = readStoreSummary(path)
        show(cli, json, info, formatStoreSummary(info))
        if (info.damaged.length > 0) cli.bad()
        return
      }
      const info = await getPackageInfo(path)
      show(cli, json, info, formatPackageInfo(info))
      if (info.fault === null) return
      cli.printError(visibleText(info.fault.message))
      cli.bad()
    })
}

interface PackFlags {
  readonly compression: boolean
  readonly overwrite?: boolean
  readonly packageVersion: '1' | '2'
  readonly verify?: boolean
  readonly json?: boolean
}

function addPack(program: Command, cli: Cli): void {
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
      const { compression, overwrite = false, packageVersion, verify = false, json = false } = flags
      const options = { compression, overwrite, version: packageVersion === '2' ? 2 : 1, verify } as const
      const path = await withProgress(cli, 'Packing', job => pack(source, target, { ...options, ...job }))
      const { files: _, ...info } = await getPackageInfo(path)
      const { fileCount, totalOriginalSize, packageSize } = info
      const sizes = `${pluralize(fileCount, 'file')}, ${formatBytes(totalOriginalSize)} in ${formatBytes(packageSize)}`
      const ratio = compression ? ` (${formatPercent(packageSize, totalOriginalSize)})` : ''
      const proof = verify ? ', verified' : ''
      show(cli, json, { ...info, verified: verify }, `Packed into ${visibleText(path)}: ${sizes}${ratio}${proof}.`)
    })
}

interface UnpackFlags {
  readonly overwrite?: boolean
  readonly verify: boolean
  readonly json?: boolean
}

function addUnpack(program: Command, cli: Cli): void {
  program
    .command('unpack')
    .description('unpack a package into a store')
    .argument('<path>', 'the package')
    .argument('[target]', 'the store; data.npk beside data.npkg by default')
    .option('--overwrite', 'replace an existing target, once the package is unpacked')
    .option('--no-verify', 'skip the checksum; everything else is still checked')
    .action(async (source: string, target: string | undefined, flags: UnpackFlags) => {
      const { overwrite = false, verify, json = false } = flags
      const path = await withProgress(cli, 'Unpacking', job => unpack(source, target, { overwrite, verify, ...job }))
      const { fileCount, totalOriginalSize, storedChecksum } = await getPackageInfo(source)
      const proof = verify && storedChecksum !== null ? `, checksum ${formatChecksum(storedChecksum)} is right` : ''
      const text = `Unpacked into ${visibleText(path)}: ${pluralize(fileCount, 'file')}, ${formatBytes(totalOriginalSize)}${proof}.`
      show(cli, json, { path, fileCount, totalOriginalSize, verified: verify }, text)
    })
}

function addVerify(program: Command, cli: Cli): void {
  program
    .command('verify')
    .description('verify a whole package: sizes, checksum, metadata')
    .argument('<path>', 'the package')
    .action(async (source: string, { json = false }: { json?: boolean }) => {
      const report = await withProgress(cli, 'Verifying', job => verifyPackage(source, job))
      show(cli, json, report, formatReport(report))
      if (report.fault === null) return
      cli.printError(visibleText(report.fault.message))
      cli.bad()
    })
}

type CommandOptions = Pick<Parameters<typeof verifyPackage>[1] & object, 'signal' | 'onProgress'>

async function withProgress<T>({ signal }: Cli, what: string, work: (job: CommandOptions) => Promise<T>): Promise<T> {
  using line = new ProgressLine(what)
  return await work({ signal, onProgress: line.show })
}
