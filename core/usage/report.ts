import type { PriceOverride } from '../config/prices.ts'
import { createFindPrice } from './cost.ts'
import { type Share, type ShareKind, shareOut, type UsageSource } from './shares.ts'
import {
	summarizeBuckets,
	summarizeTotals,
	type UsageBucket,
	type UsagePart,
	type UsageTotals,
} from './summarize.ts'
import type { UsageRange } from './time-range.ts'

/** What was asked, answered and paid in a range: what the admin's charts and the CLI's table show. */
export interface UsageReport extends UsageRange {
	/** Those with any request, in order; each covers [at, at + bucketMs). */
	buckets: UsageBucket[]
	totals: UsageTotals
	/** Of the range of the same length before. */
	previous?: UsageTotals
	top: Record<ShareKind, Share[]>
	/** Until then everything is counted; null when the range is over. */
	partialUntil: number | null
}

export interface ReportInput {
	range: UsageRange
	parts: readonly UsagePart[]
	shares: readonly UsageSource[]
	before: readonly UsagePart[] | undefined
	prices: readonly PriceOverride[]
	/** What an upstream or key is called today. */
	nameOf(id: string): string | undefined
	/** Database clock. */
	now: number
}

export function reportUsage(input: ReportInput): UsageReport {
	const { range, parts, shares, before, nameOf, now } = input
	const findPrice = createFindPrice(input.prices)
	const top = (kind: ShareKind) => shareOut(shares, kind, findPrice, nameOf)
	return {
		...range,
		buckets: summarizeBuckets(parts, findPrice),
		totals: summarizeTotals(parts, findPrice),
		...(before && { previous: summarizeTotals(before, findPrice) }),
		top: { upstreams: top('upstreams'), models: top('models'), keys: top('keys') },
		partialUntil: range.to > now ? Math.round(now) : null,
	}
}

const columns = [
	...(['requests', 'ok', 'failed', 'cancelled', 'inputTokens', 'outputTokens', 'cacheReadTokens'] as const),
	...(['cacheWriteTokens', 'reasoningTokens', 'unpriced'] as const),
]

/** A table for spreadsheets: one row per bucket, times in UTC, costs in US dollars. Nothing in it needs quoting. */
export function writeUsageCsv({ buckets }: UsageReport): string {
	const head = ['start', ...columns, 'costUsd', 'firstContentP50', 'firstContentP95', 'totalP50', 'totalP95']
	const rows = buckets.map(bucket => [
		new Date(bucket.at).toISOString(),
		...columns.map(name => bucket[name]),
		bucket.costMicros === null ? '' : (bucket.costMicros / 1_000_000).toFixed(6),
		...[bucket.firstContent?.p50, bucket.firstContent?.p95, bucket.total?.p50, bucket.total?.p95],
	])
	return [head, ...rows].map(row => `${row.map(value => value ?? '').join(',')}\r\n`).join('')
}
