import { METADATA_VERSION, NUMPACK_VERSION, PACKAGE_VERSION } from '../../core/format/versions.ts'
import type { App } from './app.ts'
import { copyText } from './copy-text.ts'
import type { Session } from './session.ts'

interface BrowserBrand {
  brand: string
  version: string
}

/** Chromium's list of brands has one that is made up, so that nobody relies on their order. */
const isMadeUp = ({ brand }: BrowserBrand): boolean => /not.*brand/i.test(brand)

/** Returns names and versions of the browser. Only Chromium tells them apart from its user agent. */
export function browserVersion({ userAgent }: Navigator, brands: readonly BrowserBrand[] = []): string {
  const named = brands.filter(brand => !isMadeUp(brand)).map(({ brand, version }) => `${brand} ${version}`)
  return named.length > 0 ? named.join(', ') : userAgent
}

export interface ProgramVersion {
  name: string
  version: string
}

/** Returns the versions of the program and of everything that it runs on. */
export function programVersions({ environment }: Pick<Session, 'environment'>): ProgramVersion[] {
  if (environment === null) return []
  const { userAgentData } = navigator as Navigator & { userAgentData?: { brands: BrowserBrand[] } }
  const browser =
    environment.host === 'browser'
      ? [{ name: 'Browser', version: browserVersion(navigator, userAgentData?.brands) }]
      : []
  return [
    { name: 'NumPack Explorer', version: environment.version },
    {
      name: 'NumPack format',
      version: `NumPack ${NUMPACK_VERSION}: stores of version ${METADATA_VERSION}, packages up to version ${PACKAGE_VERSION}`,
    },
    ...environment.programs,
    ...browser,
  ]
}

/** Returns what a report of a fault needs. Names no store, no path and no value. */
export function diagnosticsText(session: Session): string {
  const { environment, stores, openFiles } = session
  const facts: ProgramVersion[] = [
    ...programVersions(session),
    { name: 'Host', version: environment?.host === 'electron' ? 'desktop app' : 'browser' },
    { name: 'Language', version: navigator.language },
    { name: 'Window', version: `${innerWidth} x ${innerHeight} at ${devicePixelRatio}` },
    { name: 'Open stores', version: String(stores.length) },
    { name: 'Open files', version: String(openFiles ?? 'unknown') },
  ]
  return facts.map(({ name, version }) => `${name}: ${version}`).join('\n')
}

export const copyDiagnostics = (app: App): Promise<void> =>
  copyText(app, diagnosticsText(app.session.getState()), 'Copied the diagnostics')
