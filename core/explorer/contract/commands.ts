interface MenuItem {
  title: string
  /** The key that works in the menu and in the window, such as 'Mod+B'. Mod is Command on a Mac, Control elsewhere. */
  key?: string
}

/** The commands of the window that the desktop menu offers too, by their id. A `command` event of the host carries the id. */
export const MENU_COMMANDS = {
  openFolder: { title: 'Open Folder…', key: 'Mod+O' },
  openPackage: { title: 'Open Package…' },
  backUp: { title: 'Back Up', key: 'Mod+B' },
  backUpTo: { title: 'Back Up To…' },
  verifyPackage: { title: 'Verify Package' },
  unpack: { title: 'Unpack…' },
  showJobs: { title: 'Jobs', key: 'Mod+J' },
  commandPalette: { title: 'Command Palette…', key: 'Mod+K' },
  goToRow: { title: 'Go to Row…', key: 'Mod+G' },
  hideDeleted: { title: 'Hide Deleted Rows' },
  showDeleted: { title: 'Show Deleted Rows' },
  onlyDeleted: { title: 'Only Deleted Rows' },
  toggleArrays: { title: 'Arrays Panel', key: 'Alt+A' },
  toggleDetails: { title: 'Details Panel', key: 'Mod+I' },
  settings: { title: 'Settings…', key: 'Mod+,' },
  keyboardShortcuts: { title: 'Keyboard Shortcuts' },
  thirdPartyNotices: { title: 'Third-Party Notices' },
} as const satisfies Record<string, MenuItem>

export type MenuCommand = keyof typeof MENU_COMMANDS
