import { align8 } from './block-codec.ts'
import type { ExplorerEvent, Reply } from './types.ts'

/**
 * How messages travel over a WebSocket. Without bytes: a text frame of JSON. With bytes: a binary frame of the header's
 * length (u32, little-endian), the header as UTF-8 JSON, zeros up to the next multiple of 8, and the bytes.
 */

/**
 * From the window to the host. An empty challenge asks for the key. Any other asks for a proof that the host has it:
 * after a lost connection, another user's program may have the port.
 */
export type ClientMessage = { id: number; method: string; params: unknown } | { cancel: number } | { challenge: string }

/** From the host to the window. `proof` is HMAC-SHA-256 of the challenge by the key, in base64. */
export type HostMessage = { reply: Reply } | { event: ExplorerEvent } | { key: string } | { proof: string }

export function encodeBinaryReply(reply: Extract<Reply, { ok: true }>, bytes: ArrayBuffer): Uint8Array<ArrayBuffer> {
  const header = new TextEncoder().encode(JSON.stringify({ id: reply.id, ok: true, result: reply.result }))
  const start = align8(4 + header.length)
  const frame = new Uint8Array(start + bytes.byteLength)
  new DataView(frame.buffer).setUint32(0, header.length, true)
  frame.set(header, 4)
  frame.set(new Uint8Array(bytes), start)
  return frame
}

/** The reply in a binary frame. Throws a RangeError when the frame is shorter than it says. */
export function decodeBinaryReply(frame: ArrayBuffer): Reply {
  const length = new DataView(frame).getUint32(0, true)
  const start = align8(4 + length)
  if (start > frame.byteLength)
    throw new RangeError(`a frame of ${frame.byteLength} bytes says its header has ${length}`)
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(frame, 4, length))) as Reply
  return header.ok ? { ...header, bytes: frame.slice(start) } : header
}
