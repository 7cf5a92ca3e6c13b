const ROOT_USER = 0

/**
 * Returns why the app must not run without Chromium's sandbox; null when it may, as for root, who has none. An
 * AppImage's launcher disables it where the system allows no user namespaces.
 */
export const sandboxProblem = (isSwitchedOff: boolean, user: number | undefined): string | null =>
  isSwitchedOff && user !== ROOT_USER
    ? 'The sandbox is switched off (--no-sandbox). Start NumPack Explorer without that switch. If this system gives AppImages no sandbox, install the .deb package instead.'
    : null
