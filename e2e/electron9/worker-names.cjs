'use strict'
const threads = require('worker_threads')

const { Worker } = threads
if (threads.isMainThread) {
  // Node 12 starts no worker from a file that ends in .cjs; it requires one all the same. Electron 9 crashes now and
  // then when it frees a buffer that a worker transferred: such a buffer is copied.
  threads.Worker = class extends Worker {
    constructor(file, options) {
      const main = `
        const { parentPort } = require('worker_threads')
        const post = parentPort.postMessage.bind(parentPort)
        parentPort.postMessage = message => post(message);
        ${options.eval ? file : `require(${JSON.stringify(file)})`}`
      super(main, { ...options, eval: true })
    }
  }
}
