import type { CountTokensRequest } from '../../messages/request.ts'
import { systemTexts } from '../shared/system.ts'
import type { Part } from './wire.ts'

/** The system prompt as parts, one per block, without the billing header; undefined when nothing is left. */
export function toSystemInstruction(system: CountTokensRequest['system']): { parts: Part[] } | undefined {
	const parts = systemTexts(system).map(text => ({ text }))
	return parts.length > 0 ? { parts } : undefined
}
