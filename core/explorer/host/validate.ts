import { messageOf } from '../../format/errors.ts'
import type { z } from 'zod'
import { isBounded } from '../../format/bounded.ts'
import { LIMITS } from '../../format/limits.ts'
import { METHODS } from '../contract/schemas.ts'
import type { ErrorBody, Method } from '../contract/types.ts'

export interface ValidRequest {
  id: number
  method: Method
  params: unknown
}

type Checked = { ok: true; request: ValidRequest } | { ok: false; id: number; error: ErrorBody }

/** The id of a reply to something that carries no id. No window uses it. */
const NO_ID = -1

/** The WebSocket counts bytes, too; IPC counts nothing. */
const BOUNDS = { depth: LIMITS.messageDepth, values: LIMITS.messageValues, characters: LIMITS.messageBytes }

const PARTS: ReadonlySet<string> = new Set(['id', 'method', 'params'])

const refuse = (id: number, message: string): Checked => ({
  ok: false,
  id,
  error: { code: 'ARGUMENT', message, details: {} },
})

const issueText = ({ path, message }: z.core.$ZodIssue): string =>
  path.length > 0 ? `${path.map(String).join('.')}: ${message}` : message

/** Checks what came from a window against the contract. Never throws. */
export function checkRequest(value: unknown): Checked {
  try {
    return check(value)
  } catch (error) {
    return refuse(NO_ID, `the request can't be read (${messageOf(error)})`)
  }
}

function check(value: unknown): Checked {
  if (typeof value !== 'object' || value === null) return refuse(NO_ID, 'a request is an object')
  const { id, method, params } = value as Record<string, unknown>
  if (!Number.isSafeInteger(id) || Number(id) < 0) return refuse(NO_ID, 'a request has an id, an integer from 0')
  if (typeof method !== 'string') return refuse(Number(id), 'a request has a method, a text')
  if (method.length > LIMITS.quotedCharacters || !Object.hasOwn(METHODS, method))
    return refuse(Number(id), `there is no method ${JSON.stringify(method.slice(0, LIMITS.quotedCharacters))}`)
  // Parts that nobody reads would stay in memory until the request is answered.
  for (const key in value)
    if (!PARTS.has(key)) return refuse(Number(id), 'a request has nothing but an id, a method and params')
  // The schemas recurse into what they check.
  if (!isBounded(params, BOUNDS))
    return refuse(
      Number(id),
      `${method}: params nest at most ${LIMITS.messageDepth} deep and hold at most ${LIMITS.messageValues} values and ${LIMITS.messageBytes} characters`,
    )
  const checked = METHODS[method as Method].params.safeParse(params)
  if (!checked.success)
    return refuse(Number(id), `${method}: ${checked.error.issues.slice(0, 3).map(issueText).join('; ')}`)
  return { ok: true, request: { id: Number(id), method: method as Method, params: checked.data } }
}
