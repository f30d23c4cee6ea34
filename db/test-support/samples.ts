import type { DemotedKey, KeyFailure, RequestRecord } from '../../core/ports.ts'
import { createKeyRing, generateEncryptionKey } from '../index.ts'

export const keyRing = createKeyRing(generateEncryptionKey())
export const byCli = { author: 'cli' } as const

export function upstreamInput(name = 'kimi') {
	return { name, type: 'openai', baseUrl: 'https://api.example.com/v1' }
}

export const MINUTE = 60_000

export function keyFailure(keyId: string, changes: Partial<KeyFailure> = {}): KeyFailure {
	return {
		...{ keyId, scope: '', status: 500, failureClass: 'server', message: 'upstream is down' },
		...{ baseMs: 5 * MINUTE, maxMs: 60 * MINUTE, retryAfterMs: 0, ageMs: 0 },
		...changes,
	}
}

/** Why a key is demoted. */
export function noCredit(keyId: string): DemotedKey {
	return { keyId, status: 402, failureClass: 'quota', message: 'no credit' }
}

export function requestRecord(id: string, changes: Partial<RequestRecord> = {}): RequestRecord {
	return {
		...{ id, at: Date.now(), upstreamId: 'up_1', upstreamName: 'kimi', keyId: 'key_1', keyMask: 'sk-…abcd' },
		...{ model: 'claude-sonnet', upstreamModel: 'kimi-k2', stream: true, status: 200, outcome: 'ok' },
		...{ errorMessage: '', stopReason: 'end_turn', usage: { input_tokens: 10, output_tokens: 5 } },
		...{ firstContentMs: 120, totalMs: 900, attempts: [], notes: [], userAgent: 'test', sessionId: '' },
		...changes,
	}
}
