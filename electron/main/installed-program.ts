/** Path under which this program is started again: the portable version runs from a temporary folder. */
export const installedProgram = (): string => process.env['PORTABLE_EXECUTABLE_FILE'] ?? process.execPath
