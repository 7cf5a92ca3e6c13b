import { request } from 'node:http'

export interface LoopbackAnswer {
  status: number
  headers: Headers
  body: string
}

interface LoopbackOptions {
  method?: string
  headers?: Record<string, string>
  /** Whether to follow redirects. */
  follow?: boolean
}

/** Sends a request to this machine, whatever the host name: Node's system may not know names below `localhost`. */
export async function fetchLoopback(address: string | URL, options: LoopbackOptions = {}): Promise<LoopbackAnswer> {
  const url = new URL(address)
  const answer = await ask(url, options)
  const location = answer.headers.get('location')
  return options.follow && location !== null ? fetchLoopback(new URL(location, url), options) : answer
}

function ask(url: URL, { method = 'GET', headers = {} }: LoopbackOptions): Promise<LoopbackAnswer> {
  return new Promise((resolve, reject) => {
    const path = url.pathname + url.search
    const options = {
      host: '127.0.0.1',
      port: url.port,
      path,
      method,
      agent: false,
      headers: { host: url.host, ...headers },
    }
    const sent = request(options, response => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => (body += text))
      response.on('error', reject).on('end', () => {
        const received = new Headers()
        for (const [name, values = []] of Object.entries(response.headersDistinct))
          for (const value of values) received.append(name, value)
        resolve({ status: response.statusCode ?? 0, headers: received, body })
      })
    })
    sent.on('error', reject).end()
  })
}
