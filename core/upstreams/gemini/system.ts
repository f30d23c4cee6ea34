import type { CountTokensRequest } from '../../messages/request.ts'
import type { Part } from './wire.ts'

/** A nonce that Claude Code sends to Anthropic; elsewhere it would spoil every prefix cache (traps A6). */
const billingHeader = /^\s*x-anthropic-billing-header\s*:/i

/** The system prompt as parts, one per block, without the billing header; undefined when nothing is left. */
export function toSystemInstruction(system: CountTokensRequest['system']): { parts: Part[] } | undefined {
	const texts =
		typeof system === 'string' ? [withoutBillingLine(system)] : (system ?? []).map(block => block.text)
	const parts = texts.filter(text => text.trim() !== '' && !billingHeader.test(text)).map(text => ({ text }))
	return parts.length > 0 ? { parts } : undefined
}

function withoutBillingLine(system: string): string {
	if (!billingHeader.test(system)) return system
	const end = system.indexOf('\n', system.search(/\S/))
	return end === -1 ? '' : system.slice(end + 1)
}
