import 'core-js/stable'
import { Float16Array } from '@petamoriken/float16'

/** APIs that the window uses and Chromium 83 lacks. */
Object.assign(globalThis, { Float16Array })

if (!('replaceChildren' in Element.prototype))
  Element.prototype.replaceChildren = function replaceChildren(...nodes) {
    this.textContent = ''
    this.append(...nodes)
  }
