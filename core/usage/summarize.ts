import { costMicros, type FindPrice } from './cost.ts'
import { addCounts, readQuantile, type Sketch } from './sketch.ts'

/** Usage of one upstream model within one bucket, as stored. */
export interface UsagePart {
	start: number
	upstreamModel: string
	requests: number
	failed: number
	cancelled: number
	inputTokens: number
	outputTokens: number
	cacheReadTokens: number
	cacheWriteTokens: number
	reasoningTokens: number
	/** Counts as text (sketch.ts). */
	errors: string
	firstContent: string
	total: string
}

export interface Percentiles {
	p50: number
	p95: number
}

export interface UsageFigures {
	requests: number
	ok: number
	failed: number
	/** The client left: neither good nor bad. */
	cancelled: number
	inputTokens: number
	outputTokens: number
	cacheReadTokens: number
	cacheWriteTokens: number
	reasoningTokens: number
	/** Millionths of a US dollar, of the models whose price is known; null when there is none of them. */
	costMicros: number | null
	/** Requests with tokens whose model has no price: they are not in the cost. */
	unpriced: number
	/** Milliseconds, of requests that went well. */
	firstContent: Percentiles | null
	total: Percentiles | null
	/** Failures by class. */
	errors: Record<string, number>
}

export interface UsageBucket extends UsageFigures {
	at: number
}

export interface UsageTotals extends UsageFigures {
	/** Of all input tokens, those that were read from a cache. */
	cacheHitRate: number | null
	/** Of the requests that ended by themselves, those that went well. */
	successRate: number | null
}

/** One figure per bucket that has any request, in order. Costs follow today's prices: a correction corrects the past. */
export function summarizeBuckets(parts: readonly UsagePart[], findPrice: FindPrice): UsageBucket[] {
	const byStart = Map.groupBy(parts, ({ start }) => start)
	return [...byStart]
		.sort(([a], [b]) => a - b)
		.map(([at, inBucket]) => ({ at, ...summarize(inBucket, findPrice) }))
}

export function summarizeTotals(parts: readonly UsagePart[], findPrice: FindPrice): UsageTotals {
	const figures = summarize(parts, findPrice)
	const { ok, failed, inputTokens, cacheReadTokens, cacheWriteTokens } = figures
	return {
		...figures,
		cacheHitRate: share(cacheReadTokens, inputTokens + cacheReadTokens + cacheWriteTokens),
		successRate: share(ok, ok + failed),
	}
}

const share = (part: number, whole: number) => (whole === 0 ? null : part / whole)

function summarize(parts: readonly UsagePart[], findPrice: FindPrice): UsageFigures {
	const sum = (name: keyof UsagePart) => parts.reduce((total, part) => total + Number(part[name]), 0)
	const [requests, failed, cancelled] = [sum('requests'), sum('failed'), sum('cancelled')]
	const errors = new Map<string, number>()
	for (const part of parts) addCounts(part.errors, String, errors)
	return {
		...{ requests, ok: requests - failed - cancelled, failed, cancelled },
		inputTokens: sum('inputTokens'),
		outputTokens: sum('outputTokens'),
		cacheReadTokens: sum('cacheReadTokens'),
		cacheWriteTokens: sum('cacheWriteTokens'),
		reasoningTokens: sum('reasoningTokens'),
		...sumCosts(parts, findPrice),
		firstContent: readPercentiles(parts.map(part => part.firstContent)),
		total: readPercentiles(parts.map(part => part.total)),
		errors: Object.fromEntries(errors),
	}
}

type Priced = Pick<
	UsagePart,
	'upstreamModel' | 'requests' | 'inputTokens' | 'outputTokens' | 'cacheReadTokens' | 'cacheWriteTokens'
>

/** What usage cost, as far as that is known. */
export function sumCosts(
	parts: readonly Priced[],
	findPrice: FindPrice,
): { costMicros: number | null; unpriced: number } {
	let cost: number | null = null
	let unpriced = 0
	for (const part of parts) {
		const { inputTokens: input, outputTokens: output } = part
		const { cacheReadTokens: cacheRead, cacheWriteTokens: cacheWrite } = part
		if (input + output + cacheRead + cacheWrite === 0) continue
		const price = findPrice(part.upstreamModel)
		if (price) cost = (cost ?? 0) + costMicros({ input, output, cacheRead, cacheWrite }, price)
		else unpriced += part.requests
	}
	return { costMicros: cost === null ? null : Math.round(cost), unpriced }
}

export function readPercentiles(texts: readonly string[]): Percentiles | null {
	const sketch: Sketch = new Map()
	for (const text of texts) addCounts(text, Number, sketch)
	const p50 = readQuantile(sketch, 0.5)
	const p95 = readQuantile(sketch, 0.95)
	return p50 === undefined || p95 === undefined ? null : { p50: Math.round(p50), p95: Math.round(p95) }
}
