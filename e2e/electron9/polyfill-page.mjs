import 'core-js/stable'
import { Float16Array } from '@petamoriken/float16'

Object.assign(globalThis, { Float16Array })

if (!('replaceChildren' in Element.prototype))
  Element.prototype.replaceChildren = function replaceChildren(...nodes) {
    this.textContent = ''
    this.append(...nodes)
  }
