import 'core-js/stable'
import { Float16Array } from '@petamoriken/float16'

/** What the window uses and Chromium 83 has not. */
Object.assign(globalThis, { Float16Array })

if (!('replaceChildren' in Element.prototype))
  Element.prototype.replaceChildren = function replaceChildren(...nodes) {
    this.textContent = ''
    this.append(...nodes)
  }
