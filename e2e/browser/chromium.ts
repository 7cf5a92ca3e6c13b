import { removeFolder } from '../../core/test-support/remove-folder.ts'
import { existsSync, mkdirSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { type Browser, chromium } from '@playwright/test'
import { inflate } from '@sparticuz/chromium'

export interface Chromium {
  executablePath: string
  env: Record<string, string>
  args: string[]
}

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

const cache = path.resolve(import.meta.dirname, '../../node_modules/.cache/chromium')

/** Finds the browser for the tests: `E2E_CHROMIUM`, an installed Chromium or Chrome, or the one in an npm package. */
export async function findChromium(): Promise<Chromium> {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update']
  const wanted = process.env['E2E_CHROMIUM'] ?? INSTALLED.find(file => existsSync(file))
  if (wanted !== undefined) return { executablePath: wanted, env: {}, args }
  const folder = await unpackedChromium()
  return {
    executablePath: path.join(folder, 'chromium'),
    env: {
      LD_LIBRARY_PATH: path.join(folder, 'al2023/lib'),
      FONTCONFIG_FILE: path.join(folder, 'fonts.conf'),
      LANG: 'en_US.UTF-8',
    },
    args: [...args, '--headless=shell', '--no-zygote'],
  }
}

export const definedEnv = (): Record<string, string> =>
  Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined))

export async function launchChromium(): Promise<Browser> {
  const { executablePath, args, env } = await findChromium()
  return chromium.launch({ executablePath, args, env: { ...definedEnv(), ...env } })
}

/** Unpacks the browser once. The package's own setup leaves the NSS libraries packed and misconfigures fontconfig. */
async function unpackedChromium(): Promise<string> {
  const root = path.dirname(path.dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')))
  if (existsSync(cache)) return cache
  mkdirSync(path.dirname(cache), { recursive: true })
  const staging = mkdtempSync(`${cache}-`)
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = staging
  try {
    for (const part of ['chromium.br', 'fonts.tar.br', 'al2023.tar.br']) await inflate(path.join(root, 'bin', part))
  } finally {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  }
  // Without its own configuration fontconfig finds no font, and all text is 0 px wide.
  writeFileSync(
    path.join(staging, 'fonts.conf'),
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>` +
      `<dir>${path.join(cache, 'fonts/fonts')}</dir><cachedir>${path.join(cache, 'fontcache')}</cachedir></fontconfig>`,
  )
  try {
    renameSync(staging, cache)
  } catch (error) {
    removeFolder(staging)
    if (!existsSync(cache)) throw error
  }
  return cache
}
