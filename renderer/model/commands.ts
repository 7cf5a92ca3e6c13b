import type { App } from './app.ts'

/** Groups of commands, in the order of the palette and the list of keys. */
export const COMMAND_GROUPS = ['Stores', 'Packages', 'Arrays', 'Rows', 'Cells', 'Pictures', 'Window'] as const

export interface Command {
  /** Unique. Also the name of the command in the desktop menu. */
  id: string
  title: string
  group: (typeof COMMAND_GROUPS)[number]
  /** In the notation of ui/keys.ts. Browsers reserve Ctrl+W, Ctrl+T and Ctrl+Tab. */
  key: string
  isGridKey?: boolean
  /** Whether the command can act; always when left out. */
  enabled?: (app: App) => boolean
  run: (app: App) => void
}

export class CommandRegistry {
  readonly list: readonly Command[]
  readonly #byId: ReadonlyMap<string, Command>

  constructor(commands: readonly Command[]) {
    this.list = COMMAND_GROUPS.flatMap(name => commands.filter(({ group }) => group === name))
    this.#byId = new Map(commands.map(command => [command.id, command]))
  }

  find(id: string): Command | undefined {
    return this.#byId.get(id)
  }

  get(id: string): Command {
    const command = this.find(id)
    if (command === undefined) throw new Error(`there is no command ${id}`)
    return command
  }
}

export const isEnabled = (app: App, { enabled }: Command): boolean => enabled?.(app) ?? true

export function runCommand(app: App, id: string): void {
  const command = app.commands.get(id)
  if (isEnabled(app, command)) command.run(app)
}

export function runHostCommand(app: App, id: string): void {
  if (app.commands.find(id) !== undefined) runCommand(app, id)
}
