/** `GET /api/usage`. */
export interface Usage {
	from: number
	to: number
	bucketMs: number
	buckets: readonly UsageBucket[]
	totals: UsageTotals
	previous?: UsageTotals
	top: Record<TopKind, readonly UsageShare[]>
	/** Until then everything is counted: a bucket that ends later is not complete. */
	partialUntil: number | null
}

export type TopKind = 'upstreams' | 'models' | 'keys'

interface UsageCounts {
	requests: number
	ok: number
	failed: number
	cancelled: number
	inputTokens: number
	outputTokens: number
	cacheReadTokens: number
	cacheWriteTokens: number
	reasoningTokens: number
	/** Millionths of a US dollar; null where no price is known. */
	costMicros: number | null
	firstContent: Percentiles | null
	total: Percentiles | null
	errors: Readonly<Record<string, number>>
}

export interface UsageBucket extends UsageCounts {
	at: number
}

export interface UsageTotals extends UsageCounts {
	cacheHitRate: number | null
	successRate: number | null
}

interface Percentiles {
	p50: number
	p95: number
}

export interface UsageShare {
	id: string
	name: string
	requests: number
	failed: number
	tokens: number
	costMicros: number | null
}

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
		firstContent: null,
		total: null,
		errors: {},
	}
	return {
		from,
		to,
		bucketMs: to - from,
		buckets: [],
		totals: { ...nothing, cacheHitRate: null, successRate: null },
		top: { upstreams: [], models: [], keys: [] },
		partialUntil: null,
	}
}
