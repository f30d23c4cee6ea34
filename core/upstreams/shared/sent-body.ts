import type { OutgoingRequest } from '../contract.ts'
import { isRecord, parseJson } from './failure.ts'

/** The JSON object of a request that was sent; undefined when it has none. */
export function readSentBody(sent: OutgoingRequest): Record<string, unknown> | undefined {
	const text = typeof sent.body === 'string' ? sent.body : new TextDecoder().decode(sent.body)
	const body = parseJson(text)
	return isRecord(body) ? body : undefined
}

export function recordsOf(value: unknown): Record<string, unknown>[] {
	return Array.isArray(value) ? value.filter(isRecord) : []
}
