import type { UsageReport } from '../../../../core/usage/report.ts'

/** `GET /api/usage`. */
export type Usage = UsageReport

/** What is drawn before the first answer: axes without anything in them. */
export function emptyUsage(from: number, to: number): Usage {
	const nothing = {
		requests: 0,
		ok: 0,
		failed: 0,
		cancelled: 0,
		inputTokens: 0,
		outputTokens: 0,
		cacheReadTokens: 0,
		cacheWriteTokens: 0,
		reasoningTokens: 0,
		costMicros: null,
		unpriced: 0,
		firstContent: null,
		total: null,
		errors: {},
	}
	return {
		from,
		to,
		// Some part of it: the axis then has the marks that it will have.
		bucketMs: (to - from) / 48,
		buckets: [],
		totals: { ...nothing, cacheHitRate: null, successRate: null },
		top: { upstreams: [], models: [], keys: [] },
		partialUntil: null,
	}
}
