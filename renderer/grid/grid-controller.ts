import { Copier } from './copier.ts'
import { listen } from './grid-input.ts'
import type { GridElements, GridMetrics, GridPlace } from './grid-parts.ts'
import { GridView } from './grid-view.ts'
import { rangeOf, selectionOf } from './selection.ts'
import type { GridHandle, GridProps, GridSelection } from './grid-types.ts'

/** Many digits, so that rounding of the measured width does not matter. */
export const DIGITS = '0'.repeat(20)

function partOf(frame: HTMLElement, name: string): HTMLElement {
  const element = frame.querySelector<HTMLElement>(`[data-part="${name}"]`)
  if (element === null) throw new Error(`the grid's structure has no part ${name}`)
  return element
}

function elementsOf(frame: HTMLElement): GridElements {
  const part = (name: string) => partOf(frame, name)
  return {
    frame,
    grid: part('grid'),
    head: part('head'),
    headers: part('headers'),
    gutter: part('gutter'),
    body: part('body'),
    rows: part('rows'),
    cursor: part('cursor'),
    range: part('range'),
    vertical: { track: part('vertical'), thumb: part('vertical-thumb') },
    horizontal: { track: part('horizontal'), thumb: part('horizontal-thumb') },
  }
}

export class GridController {
  readonly view: GridView
  readonly #grid: HTMLElement
  readonly #copier = new Copier()
  readonly #mounted = new AbortController()
  #props: GridProps

  constructor(
    frame: HTMLElement,
    id: string,
    metrics: GridMetrics,
    props: GridProps,
    place: GridPlace | null,
    onResize: (width: number, height: number) => void,
  ) {
    this.#props = props
    const elements = elementsOf(frame)
    this.#grid = elements.grid
    this.view = new GridView(elements, metrics, props.source, id, {
      onSelection: selected => this.#props.onSelectionChange?.(selected === null ? null : selectionOf(selected)),
      onTopRow: row => this.#props.onTopRowChange?.(row),
      onColumnResize: () => this.#props.onColumnResize?.(),
      onRead: report => this.#props.onRead?.(report),
      onError: error => this.#props.onError?.(error),
    })
    const { signal } = this.#mounted
    listen(this.view, elements, () => void this.copy(), signal)
    const digits = partOf(frame, 'digits')
    const characterWidth = () => digits.getBoundingClientRect().width / DIGITS.length
    const resize = (width: number, height: number) => {
      onResize(width, height)
      this.view.resize(width, height)
    }
    // Measure both before writing anything: one layout serves both.
    const { clientWidth, clientHeight } = frame
    this.view.setCharacterWidth(characterWidth())
    this.view.setShading(props.shading ?? null)
    this.view.setSource(props.source, props.initialPlace)
    resize(clientWidth, clientHeight)
    if (place !== null) this.view.showPlace(place)
    document.fonts.addEventListener('loadingdone', () => this.view.setCharacterWidth(characterWidth()), { signal })
    const observer = new ResizeObserver(([entry]) => {
      if (entry === undefined) return
      // Zooming changes the font size and the device pixels.
      this.view.setCharacterWidth(characterWidth())
      resize(entry.contentRect.width, entry.contentRect.height)
    })
    observer.observe(frame)
    signal.addEventListener('abort', () => observer.disconnect())
  }

  update(props: GridProps): void {
    const before = this.#props.source
    this.#props = props
    this.view.setShading(props.shading ?? null)
    if (before === props.source) return
    if (before.key !== props.source.key || before.generation !== props.source.generation) this.#copier.cancel()
    this.view.setSource(props.source, props.initialPlace)
  }

  destroy(): void {
    this.#mounted.abort()
    this.#copier.cancel()
    this.view.destroy()
  }

  focus(): void {
    this.#grid.focus({ preventScroll: true })
  }

  selection(): GridSelection | null {
    const { selection } = this.view
    return selection === null ? null : selectionOf(selection)
  }

  async copy(): Promise<void> {
    const { selection } = this.view
    if (selection === null) return
    await this.#copier.copy(this.#props.source, rangeOf(selection), status => this.#props.onCopy?.(status))
  }

  cancelCopy(): void {
    this.#copier.cancel()
  }
}

/** Creates a handle that stays the same while the grid behind it mounts, changes and unmounts. */
export function createHandle(current: () => GridController | null): GridHandle {
  return {
    focus: () => current()?.focus(),
    goTo(row, column, align = 'start') {
      const controller = current()
      controller?.view.goTo(row, column ?? controller.selection()?.cursor.column ?? 0, align)
    },
    selection: () => current()?.selection() ?? null,
    topRow: () => current()?.view.topRow ?? 0,
    rowNumbers: row => current()?.view.rowNumbers(row) ?? null,
    scrollToFraction(fraction) {
      const view = current()?.view
      view?.dragTo(fraction, Infinity)
      view?.render()
    },
    fullView: () => current()?.view.fullView() ?? { rows: [0, 0], columns: [0, 0] },
    shownText: (row, column) => current()?.view.shownText(row, column) ?? null,
    selectAll: () => current()?.view.move({ type: 'all' }),
    copy: async () => current()?.copy(),
    cancelCopy: () => current()?.cancelCopy(),
  }
}
