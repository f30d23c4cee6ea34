import type { ContentBlock, ToolUseBlock } from '../../messages/request.ts'
import { unwrapSignature, wrapSignature } from '../../messages/signatures.ts'
import { isRecord } from '../shared/failure.ts'

/** What Gemini puts beside a call, by the name of the service: AI Studio and Vertex. */
export type ExtraContent = Partial<Record<Service, { thought_signature: string }>>

type Service = 'google' | 'vertex'

const services: readonly Service[] = ['google', 'vertex']

/** Tells Gemini 3 not to look for a signature that this history never had. */
export const skippedSignature: ExtraContent = {
	google: { thought_signature: 'skip_thought_signature_validator' },
}

/**
 * Gemini 3 refuses a call in history without the signature that it put beside it: "Function call is missing a
 * thought_signature". It travels through the client in the signature of a thinking block before the call.
 * Source: https://ai.google.dev/gemini-api/docs/thought-signatures
 */
export function writeThoughtSignature(extra: unknown): string {
	if (!isRecord(extra)) return ''
	for (const service of services) {
		const own = extra[service]
		if (!isRecord(own) || typeof own.thought_signature !== 'string' || own.thought_signature === '') continue
		return wrapSignature('openai', `${service}:${own.thought_signature}`)
	}
	return ''
}

/** What goes back beside each call of an answer. */
export function readThoughtSignatures(blocks: readonly ContentBlock[]): Map<ToolUseBlock, ExtraContent> {
	const signed = new Map<ToolUseBlock, ExtraContent>()
	let waiting: ExtraContent | undefined
	for (const block of blocks) {
		if (block.type === 'thinking') waiting = readSignature(block.signature) ?? waiting
		if (block.type !== 'tool_use' || !waiting) continue
		signed.set(block, waiting)
		waiting = undefined
	}
	return signed
}

function readSignature(signature: string | null | undefined): ExtraContent | undefined {
	const payload = unwrapSignature('openai', signature)
	const service = services.find(name => payload?.startsWith(`${name}:`))
	return payload !== undefined && service
		? { [service]: { thought_signature: payload.slice(service.length + 1) } }
		: undefined
}
