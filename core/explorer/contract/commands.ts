/** The window's commands that a host's menu offers: what a `command` event carries. The window has more of its own. */
export const MENU_COMMANDS = [
  'backUp',
  'backUpTo',
  'verifyPackage',
  'unpack',
  'showJobs',
  'commandPalette',
  'goToRow',
  'hideDeleted',
  'showDeleted',
  'onlyDeleted',
  'toggleArrays',
  'toggleDetails',
  'keyboardShortcuts',
  'thirdPartyNotices',
] as const

export type MenuCommand = (typeof MENU_COMMANDS)[number]
