import type { Thumb } from './scrollbar-geometry.ts'
import { fractionAt, thumbOf } from './scrollbar-geometry.ts'

export interface ScrollbarEvents {
  /** The thumb was dragged to a fraction (0..1); `steps` is the number of distinct fractions. */
  onDrag(fraction: number, steps: number): void
  /** One page up or left (-1), or down or right (1). */
  onPage(direction: -1 | 1): void
}

export interface ScrollbarState {
  /** Scrolled part of the way, 0..1. */
  fraction: number
  /** Visible part of the content; from 1 on there is nothing to scroll. */
  share: number
  /** The ARIA value, 0..max, in units of the axis. */
  now: number
  max: number
  text: string
}

export class ScrollbarView {
  readonly #track: HTMLElement
  readonly #thumbElement: HTMLElement
  readonly #events: ScrollbarEvents
  readonly #vertical: boolean
  #length = 0
  #thumb: Thumb = { start: 0, length: 0 }
  /** Where the pointer holds the thumb, pixels; null when it does not. */
  #grip: number | null = null
  #shownText = ''
  #shownNow = -1
  #shownMax = -1

  constructor(track: HTMLElement, thumb: HTMLElement, events: ScrollbarEvents, signal: AbortSignal) {
    this.#track = track
    this.#thumbElement = thumb
    this.#events = events
    this.#vertical = track.getAttribute('aria-orientation') === 'vertical'
    track.addEventListener('pointerdown', this.#onPointerDown, { signal })
    track.addEventListener('pointermove', this.#onPointerMove, { signal })
    track.addEventListener('lostpointercapture', this.#onRelease, { signal })
  }

  resize(length: number): void {
    this.#length = length
  }

  update(state: ScrollbarState): void {
    const thumb = thumbOf(state.fraction, state.share, this.#length)
    const { style } = this.#thumbElement
    if (thumb.length !== this.#thumb.length) style[this.#vertical ? 'height' : 'width'] = `${thumb.length}px`
    if (thumb.start !== this.#thumb.start) {
      style.transform = this.#vertical ? `translateY(${thumb.start}px)` : `translateX(${thumb.start}px)`
    }
    this.#thumb = thumb
    if (this.#shownMax !== state.max) this.#track.setAttribute('aria-valuemax', String((this.#shownMax = state.max)))
    if (this.#shownNow !== state.now) this.#track.setAttribute('aria-valuenow', String((this.#shownNow = state.now)))
    if (this.#shownText !== state.text) this.#track.setAttribute('aria-valuetext', (this.#shownText = state.text))
    const display = state.share >= 1 ? 'none' : ''
    if (style.display !== display) style.display = display
  }

  #along(event: PointerEvent): number {
    const box = this.#track.getBoundingClientRect()
    return this.#vertical ? event.clientY - box.top : event.clientX - box.left
  }

  readonly #onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return
    event.preventDefault()
    const at = this.#along(event)
    const { start, length } = this.#thumb
    if (at < start || at >= start + length) {
      this.#events.onPage(at < start ? -1 : 1)
      return
    }
    this.#grip = at - start
    this.#track.setPointerCapture(event.pointerId)
    this.#thumbElement.toggleAttribute('data-dragged', true)
  }

  readonly #onPointerMove = (event: PointerEvent): void => {
    if (this.#grip === null) return
    const steps = Math.max(1, this.#length - this.#thumb.length)
    this.#events.onDrag(fractionAt(this.#along(event) - this.#grip, this.#thumb, this.#length), steps)
  }

  readonly #onRelease = (): void => {
    this.#grip = null
    this.#thumbElement.toggleAttribute('data-dragged', false)
  }
}
