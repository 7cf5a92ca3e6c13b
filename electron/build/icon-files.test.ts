import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const ASSETS = path.resolve(import.meta.dirname, '../../assets')

/** Returns the width and height in the header of a PNG file (PNG specification, 11.2.1). */
function pngSize(png: Buffer): [number, number] {
  expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n')
  return [png.readUInt32BE(16), png.readUInt32BE(20)]
}

test('the Linux icons have the sizes that their names say', () => {
  const names = readdirSync(path.join(ASSETS, 'icons'))
  expect(names.length).toBe(8)
  for (const name of names)
    expect(`${pngSize(readFileSync(path.join(ASSETS, 'icons', name))).join('x')}.png`).toBe(name)
})

test('the Windows icon has every size that Explorer shows, each where its directory says', () => {
  const ico = readFileSync(path.join(ASSETS, 'icon.ico'))
  const entries = Array.from({ length: ico.readUInt16LE(4) }, (_, index) => ico.subarray(6 + 16 * index))
  const sizes = entries.map(entry => {
    const [length, offset] = [entry.readUInt32LE(8), entry.readUInt32LE(12)]
    const [width, height] = pngSize(ico.subarray(offset, offset + length))
    expect([width % 256, height % 256]).toEqual([entry[0], entry[1]])
    return width
  })
  expect(sizes).toEqual([16, 24, 32, 48, 64, 128, 256])
})

test('the macOS icon has every size up to 1024 pixels, each in the chunk for it', () => {
  const icns = readFileSync(path.join(ASSETS, 'icon.icns'))
  expect(icns.toString('latin1', 0, 4)).toBe('icns')
  expect(icns.readUInt32BE(4)).toBe(icns.length)
  const sizes: Record<string, number> = {}
  for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4))
    sizes[icns.toString('latin1', at, at + 4)] = pngSize(icns.subarray(at + 8))[0]
  // https://en.wikipedia.org/wiki/Apple_Icon_Image_format: ic11 to ic14 are twice 16, 32, 128 and 256.
  expect(sizes).toEqual({
    icp4: 16,
    icp5: 32,
    ic11: 32,
    ic12: 64,
    ic07: 128,
    ic08: 256,
    ic13: 256,
    ic09: 512,
    ic14: 512,
    ic10: 1024,
  })
})
