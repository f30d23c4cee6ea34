import type { Recording } from '../../../../core/config/recording.ts'
import type { Note } from '../../../../core/messages/notes.ts'
import type { AttemptRecord } from '../../../../core/ports.ts'
import type { PayloadsView, PayloadView } from '../../../../core/recording/payload-view.ts'

/** One line of `GET /api/requests`. */
export interface RequestView {
	id: string
	at: number
	outcome: string
	status: number
	/** Of a failure. */
	class: string | null
	upstreamId: string | null
	upstreamName: string | null
	keyId: string | null
	keyMask: string | null
	model: string
	upstreamModel: string
	answeredModel?: string | null
	stream: boolean
	stopReason: string | null
	firstByteMs: number | null
	firstContentMs: number | null
	totalMs: number
	usage: RequestUsage | null
	costMicros: number | null
	attempts: number
	notes: number
	toolCalls: number
	client: string
	sessionId: string
	source: 'client' | 'playground' | 'probe'
	/** Its bodies were kept. */
	recorded: boolean
	errorMessage: string
}

export interface RequestUsage {
	inputTokens: number
	outputTokens: number
	cacheReadTokens: number
	cacheWriteTokens: number
	reasoningTokens: number
}

/** `GET /api/requests/:id`. */
export interface RequestDetail extends Omit<RequestView, 'attempts' | 'notes'> {
	attempts: readonly AttemptRecord[]
	notes: readonly Note[]
	times: {
		queueMs: number | null
		selectMs: number | null
		connectMs: number | null
		firstByteMs: number | null
		firstContentMs: number | null
		totalMs: number
	}
	bytes: { in: number | null; out: number | null }
	userAgent: string
}

export const payloadNames = ['clientRequest', 'upstreamRequest', 'upstreamAnswer', 'clientAnswer'] as const
export type PayloadName = (typeof payloadNames)[number]

export type Payload = PayloadView

/** `GET /api/requests/:id/payloads`; null where none were recorded. */
export type Payloads = PayloadsView

/** What of the settings says how much is kept. */
export interface RecordingSettings {
	recording?: Recording
	retention?: { requestDays: number; usageDays: number }
}
