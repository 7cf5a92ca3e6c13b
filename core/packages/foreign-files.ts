const LEFT_ALONE =
  /^(?:\.DS_Store|\._.*|\.localized|Icon\r|Thumbs\.db|ehthumbs\.db|desktop\.ini|\.directory|\.nfs[0-9a-f]+|\.fuse_hidden.*|\.smbdelete.*)$/is
const FOLDERS_LEFT_ALONE =
  /^(?:lost\+found|\.snapshots?|@eaDir|\.AppleDouble|\.Trashes|\.fseventsd|\.Spotlight-V100|\$RECYCLE\.BIN|System Volume Information|\.Trash-\d+)$/is

/** Whether the system or a file manager makes such a file or folder anywhere: it stays where it is. */
export const isOfSystem = (name: string, isFolder: boolean): boolean =>
  (isFolder ? FOLDERS_LEFT_ALONE : LEFT_ALONE).test(name)

/** Marks that Dropbox, Nextcloud and Syncthing put into the names of conflict copies. */
const CONFLICT = /\([^)]*conflict[^)]*\)|\.sync-conflict-\d|[_-]conflict-\d/i
/** iCloud and Google Drive only add a number. */
const NUMBERED = /^(.*?) (?:\d+|\(\d+\))(\.npk[a-z]*)$/is

/** Whether a sync program copied a file because the store changed in two places. `known`: the arrays' files. */
export function isConflictCopy(name: string, known: ReadonlySet<string>): boolean {
  if (known.has(name) || !/\.npk(?:m|d|b|seg)$/i.test(name)) return false
  const [, stem, ending] = NUMBERED.exec(name) ?? []
  return CONFLICT.test(name) || known.has(`${stem}${ending}`)
}
