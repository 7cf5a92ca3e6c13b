'use strict'
const threads = require('worker_threads')

const { Worker } = threads
if (threads.isMainThread) {
  // Node 12 starts no .cjs worker but requires one. Electron 9 may crash on freeing a transferred buffer: copy it.
  threads.Worker = class extends Worker {
    constructor(file, options) {
      const main = `
        const { parentPort } = require('worker_threads')
        const post = parentPort.postMessage.bind(parentPort)
        parentPort.postMessage = message => post(message);
        ${options.eval ? file : `require(${JSON.stringify(file)})`}`
      super(main, { ...options, eval: true })
      // Tests end this thread.
      if (options.name === 'engine') global.engineThread = this
    }
  }
}
