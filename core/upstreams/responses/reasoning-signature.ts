import { unwrapSignature, wrapSignature } from '../../messages/signatures.ts'
import { isRecord, parseJson } from '../shared/failure.ts'

/** A reasoning item as it travels in a thinking block's signature, since neither proxy nor upstream stores it. */
export interface CarriedReasoning {
	id: string
	/** The upstream's secret; without one the thinking itself is the reasoning, as open models have it. */
	encrypted_content?: string
}

export function writeReasoningSignature({ id, encrypted_content }: CarriedReasoning): string {
	const json = JSON.stringify({ id, ...(encrypted_content !== undefined && { encrypted_content }) })
	return wrapSignature('responses', toBase64Url(json))
}

/** Undefined for signatures of other makers, and for broken ones. */
export function readReasoningSignature(signature: string | null | undefined): CarriedReasoning | undefined {
	const payload = unwrapSignature('responses', signature)
	const carried = payload === undefined ? undefined : parseJson(fromBase64Url(payload))
	if (!isRecord(carried) || typeof carried.id !== 'string' || carried.id === '') return undefined
	const { id, encrypted_content: encrypted } = carried
	return { id, ...(typeof encrypted === 'string' && encrypted !== '' && { encrypted_content: encrypted }) }
}

function toBase64Url(text: string): string {
	let binary = ''
	for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte)
	return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Empty when it is no base64url. */
function fromBase64Url(payload: string): string {
	try {
		const binary = atob(payload.replaceAll('-', '+').replaceAll('_', '/'))
		return new TextDecoder().decode(Uint8Array.from(binary, character => character.charCodeAt(0)))
	} catch {
		return ''
	}
}
