// Plain JavaScript that every Node can read, so that an old one is told what it needs instead of a syntax error.
const NEEDED = 24
const major = Number(process.versions.node.split('.')[0])

if (major >= NEEDED) {
  // Whoever reads the output may go away first (`npm start | head`).
  process.stdout.on('error', () => {})
  const { main } = await import('./start/main.ts')
  process.exitCode = await main(process.argv.slice(2))
} else {
  console.error(
    `NumPack Explorer needs Node ${NEEDED} or newer; this is ${process.version}. Run "npm ci" and "npm start" (they bring it on Linux and Windows), or install it from https://nodejs.org.`,
  )
  process.exitCode = 2
}
