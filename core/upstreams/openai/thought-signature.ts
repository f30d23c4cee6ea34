import type { ContentBlock, ToolUseBlock } from '../../messages/request.ts'
import { unwrapSignature, wrapSignature } from '../../messages/signatures.ts'
import { isRecord, parseJson } from '../shared/failure.ts'
import type { CallPair } from '../shared/tool-pairs.ts'

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

/** What OpenRouter puts beside a message in the place of `extra_content`: the signature of the call with this id. */
export interface EncryptedDetail {
	type: 'reasoning.encrypted'
	data: string
	[more: string]: unknown
}

const detailsPrefix = 'openrouter:'

/**
 * "Gemini models require OpenRouter reasoning details to be preserved in each request": they travel like signatures.
 * Source: https://openrouter.ai/docs/use-cases/reasoning-tokens#preserving-reasoning-blocks
 */
export function writeDetails(details: readonly EncryptedDetail[]): string {
	return details.length === 0 ? '' : wrapSignature('openai', detailsPrefix + JSON.stringify(details))
}

export function readEncrypted(details: readonly unknown[]): EncryptedDetail[] {
	return details.filter(isEncrypted)
}

function isEncrypted(detail: unknown): detail is EncryptedDetail {
	return isRecord(detail) && detail.type === 'reasoning.encrypted' && typeof detail.data === 'string'
}

/** What goes back beside an answer: each detail as it came, with the id that its call is sent with. */
export function readDetails(blocks: readonly ContentBlock[], calls: readonly CallPair[]): EncryptedDetail[] {
	return blocks.flatMap(block => {
		const payload = block.type === 'thinking' ? unwrapSignature('openai', block.signature) : undefined
		if (!payload?.startsWith(detailsPrefix)) return []
		const carried = parseJson(payload.slice(detailsPrefix.length))
		return Array.isArray(carried) ? readEncrypted(carried).map(detail => renameCall(detail, calls)) : []
	})
}

function renameCall(detail: EncryptedDetail, calls: readonly CallPair[]): EncryptedDetail {
	const sent = calls.find(({ call }) => call.id === detail.id)?.id
	return sent === undefined || sent === detail.id ? detail : { ...detail, id: sent }
}

/** Stands for the signature of an answer's calls that another model made: the first call's id, as OpenRouter asks. */
export function skippedDetail(id: string): EncryptedDetail {
	const data = 'skip_thought_signature_validator'
	return { type: 'reasoning.encrypted', data, id, format: 'google-gemini-v1', index: 0 }
}
