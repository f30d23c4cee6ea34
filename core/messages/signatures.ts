/**
 * Thinking signatures that the proxy itself makes. They carry an upstream's own opaque data (Gemini's thought
 * signatures) through the client and back, since a serverless proxy remembers nothing between turns. The prefix
 * tells them from Anthropic's, which must never see ours: a foreign signature is a 400 there.
 */
export const proxySignaturePrefix = 'claude-proxy:'

/** Marks thinking that came without any signature, so that SDKs which drop unsigned thinking keep it. */
export const unsignedThinking = `${proxySignaturePrefix}none`

/** Wraps an upstream's opaque payload; `kind` is the upstream type that will read it back. */
export function wrapSignature(kind: string, payload: string): string {
	return `${proxySignaturePrefix}${kind}:${payload}`
}

/** The payload of a signature that `wrapSignature(kind, …)` made; undefined for any other. */
export function unwrapSignature(kind: string, signature: string | null | undefined): string | undefined {
	const start = `${proxySignaturePrefix}${kind}:`
	return signature?.startsWith(start) ? signature.slice(start.length) : undefined
}
