/** Tells Gemini 3 not to look for a signature that this history never had. */
export const skipValidation = 'skip_thought_signature_validator'

const textPrefix = 'text:'

/**
 * What goes into a thinking block's signature: the upstream's base64, marked when it signed a text, so that it does
 * not end up on the call after it. Base64 has no colon.
 */
export function writeSignature(value: string, of: 'call' | 'text'): string {
	return of === 'text' ? textPrefix + value : value
}

export function readSignature(
	payload: string | undefined,
): { value: string; of: 'call' | 'text' } | undefined {
	if (!payload) return undefined
	if (!payload.startsWith(textPrefix)) return { value: payload, of: 'call' }
	return { value: payload.slice(textPrefix.length), of: 'text' }
}
