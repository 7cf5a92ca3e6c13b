import { pack, unpack } from '../packages/index.ts'

/** Packs or unpacks once and prints the peak memory of this process in bytes. */
const [operation, source = '', target = ''] = process.argv.slice(2)
if (operation === 'pack') await pack(source, target)
else await unpack(source, target)
console.log(process.resourceUsage().maxRSS * 1024)
