const ROOT_USER = 0

/**
 * Why the app must not go on without Chromium's sandbox, which keeps a window that was taken over away from the user's
 * files; null when it may. Root has no sandbox in Chromium. An AppImage's launcher asks for none where the system lets
 * programs make no user namespaces.
 */
export const sandboxProblem = (isSwitchedOff: boolean, user: number | undefined): string | null =>
  isSwitchedOff && user !== ROOT_USER
    ? 'The sandbox is switched off (--no-sandbox). Start it without that switch; where this system allows an AppImage no sandbox, install the .deb package instead.'
    : null
