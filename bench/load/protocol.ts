import type { Dialect } from '../workloads/answer.ts'

/** What the parent asks of the load generator, and what it answers, over IPC. */
export interface LoadOrder {
	url: string
	path: string
	headers: Record<string, string>
	workload: string
	quick: boolean
	/** `message`: an Anthropic message in whatever bytes; otherwise the bytes that this dialect's upstream sends. */
	expected: 'message' | Dialect
	/** Stop sending after this long, or after this many requests. */
	durationMs?: number
	requests?: number
	concurrency?: number
	/** Opens are spread over this long. */
	staggerMs?: number
}

export interface LoadResult {
	answers: number
	wrong: number
	/** What was wrong with the first wrong answer. */
	problem: string | undefined
	wallMs: number
	/** Upstream's write to the client's read, one number per delta that carries a stamp, microseconds. */
	delays: { p50: number; p99: number; count: number } | undefined
}
