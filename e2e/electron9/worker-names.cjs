'use strict'
// Node 12 starts no worker from a file that ends in .cjs; it requires one all the same.
const threads = require('worker_threads')

const { Worker } = threads
threads.Worker = class extends Worker {
  constructor(file, options) {
    super(`require(${JSON.stringify(file)})`, { ...options, eval: true })
  }
}
