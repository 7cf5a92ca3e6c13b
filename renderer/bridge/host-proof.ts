/** Verifies that `proof` is the base64 HMAC-SHA-256 of a challenge under a key (frames.ts). */
export async function isProof(key: string, challenge: string, proof: string): Promise<boolean> {
  const text = new TextEncoder()
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  try {
    const signature = Uint8Array.from(atob(proof), character => character.codePointAt(0)!)
    const imported = await crypto.subtle.importKey('raw', text.encode(key), algorithm, false, ['verify'])
    return await crypto.subtle.verify(algorithm, imported, signature, text.encode(challenge))
  } catch {
    return false
  }
}
