import { pack, unpack } from '../packages/index.ts'

/** Packs or unpacks once, in a process of its own, and prints the most memory it took, in bytes. */
const [operation, source = '', target = ''] = process.argv.slice(2)
if (operation === 'pack') await pack(source, target)
else await unpack(source, target)
console.log(process.resourceUsage().maxRSS * 1024)
