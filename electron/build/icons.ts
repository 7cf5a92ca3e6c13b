import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type IconPicture, writeIcns, writeIco } from './icon-files.ts'

/** `npm run icons`: draws the icons of all sizes from assets/icon.svg. Needs rsvg-convert (Debian: librsvg2-bin). */
const assets = path.resolve(import.meta.dirname, '../../assets')
const svg = path.join(assets, 'icon.svg')

const draw = (size: number): IconPicture => ({
  size,
  png: execFileSync('rsvg-convert', ['--width', `${size}`, '--height', `${size}`, svg], { maxBuffer: 1 << 24 }),
})

const SIZES = [16, 24, 32, 48, 64, 128, 256, 512, 1024]
const pictures = SIZES.map(draw)
mkdirSync(path.join(assets, 'icons'), { recursive: true })
for (const { size, png } of pictures.filter(({ size }) => size <= 512))
  writeFileSync(path.join(assets, 'icons', `${size}x${size}.png`), png)
writeFileSync(path.join(assets, 'icon.ico'), writeIco(pictures.filter(({ size }) => size <= 256)))
writeFileSync(path.join(assets, 'icon.icns'), writeIcns(pictures))
