import type { App } from './app.ts'

/** The groups of commands, in the order in which the palette and the list of keys show them. */
export const COMMAND_GROUPS = ['Stores', 'Packages', 'Arrays', 'Rows', 'Cells', 'Pictures', 'Window'] as const

/** An action of the window, which the palette, the list of keys, buttons and menus offer. */
export interface Command {
  /** Unique among all commands. A desktop menu names the command by it. */
  id: string
  title: string
  group: (typeof COMMAND_GROUPS)[number]
  /** As ui/keys.ts writes keys. Browsers keep Ctrl+W, Ctrl+T and Ctrl+Tab to themselves. */
  key: string
  /** Whether the grid listens to the key itself. */
  isGridKey?: boolean
  /** Whether there is something to act on; always when left out. */
  enabled?: (app: App) => boolean
  run: (app: App) => void
}

/** Every command of the window. */
export class CommandRegistry {
  /** By group; within a group in the order in which they were given. */
  readonly list: readonly Command[]
  readonly #byId: ReadonlyMap<string, Command>

  constructor(commands: readonly Command[]) {
    this.list = COMMAND_GROUPS.flatMap(name => commands.filter(({ group }) => group === name))
    this.#byId = new Map(commands.map(command => [command.id, command]))
  }

  find(id: string): Command | undefined {
    return this.#byId.get(id)
  }

  /** Returns a command that the window has. Throws an Error for an unknown id. */
  get(id: string): Command {
    const command = this.find(id)
    if (command === undefined) throw new Error(`there is no command ${id}`)
    return command
  }
}

export const isEnabled = (app: App, { enabled }: Command): boolean => enabled?.(app) ?? true

/** Runs a command if there is something for it to act on. */
export function runCommand(app: App, id: string): void {
  const command = app.commands.get(id)
  if (isEnabled(app, command)) command.run(app)
}

/** Runs a command that the host asks for. Ignores a command that this window doesn't have. */
export function runHostCommand(app: App, id: string): void {
  if (app.commands.find(id) !== undefined) runCommand(app, id)
}
