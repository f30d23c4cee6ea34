import type { AttemptRecord, RequestRecord } from '../../../core/ports.ts'
import { readModelFamily } from './model-family.ts'
import { createRegistry, type HistogramSeries, type Registry } from './registry.ts'

/** What requests are counted in, from the records that are written anyway. */
export interface ProxyMetrics {
	readonly registry: Registry
	observe(record: RequestRecord): void
	/** A request that was turned away before it could be sent, by Anthropic's type of the error. */
	refused(errorType: string): void
	webhook(outcome: 'delivered' | 'failed' | 'dropped'): void
}

const secondsToContent = [0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 13, 20, 30, 60, 120, 300]
const secondsInAll = [0.25, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600]

/** Requests that are counted in the same series, which need not be looked for again. */
interface RequestKind {
	labels: { upstream: string; family: string; stream: string }
	requests: { value: number }
	duration?: HistogramSeries
	firstContent?: HistogramSeries
	tokens: { [kind in TokenKind]?: { value: number } }
}

type TokenKind = 'input' | 'output' | 'cache_read' | 'cache_write'

/** Kinds that are remembered; with more of them the series are looked for each time. */
const mostKinds = 500

export function createProxyMetrics(): ProxyMetrics {
	const registry = createRegistry()
	const requests = registry.counter(
		'claude_proxy_requests_total',
		'Requests that are over, by how they ended: ok, cancelled, refused, or the class of the failure.',
		['upstream', 'family', 'outcome', 'stream'],
	)
	const attempts = registry.counter(
		'claude_proxy_attempts_total',
		'Attempts with one key, by how they ended and what followed.',
		['upstream', 'outcome', 'decision'],
	)
	const tokens = registry.counter(
		'claude_proxy_tokens_total',
		'Tokens as upstreams counted them; kind is input, output, cache_read, cache_write.',
		['upstream', 'family', 'kind'],
	)
	const refusals = registry.counter(
		'claude_proxy_refused_total',
		'Requests turned away at the entrance, by the type of the error.',
		['type'],
	)
	const webhooks = registry.counter(
		'claude_proxy_webhook_deliveries_total',
		'Webhook messages: delivered, failed after all tries, or dropped because too many waited.',
		['outcome'],
	)
	const firstContent = registry.histogram(
		'claude_proxy_first_content_seconds',
		'From arrival to the first content.',
		['upstream', 'stream'],
		secondsToContent,
	)
	const duration = registry.histogram(
		'claude_proxy_request_duration_seconds',
		'From arrival to the end of the answer.',
		['upstream', 'stream'],
		secondsInAll,
	)
	const kinds = new Map<string, RequestKind>()
	const kindOf = (upstream: string, model: string, outcome: string, isStream: boolean): RequestKind => {
		const family = readModelFamily(model)
		const key = `${upstream}\n${family}\n${outcome}\n${isStream}`
		const known = kinds.get(key)
		if (known) return known
		const labels = { upstream, family, stream: String(isStream) }
		const kind: RequestKind = { labels, requests: requests.series({ ...labels, outcome }), tokens: {} }
		if (kinds.size < mostKinds) kinds.set(key, kind)
		return kind
	}
	const countTokens = ({ labels, tokens: counted }: RequestKind, kind: TokenKind, count?: number | null) => {
		if (!count) return
		const { upstream, family } = labels
		counted[kind] ??= tokens.series({ upstream, family, kind })
		counted[kind].value += count
	}
	const attemptKinds = new Map<string, { value: number }>()
	const countAttempt = (upstream: string, { outcome, decision }: AttemptRecord) => {
		const key = `${upstream}\n${outcome}\n${decision}`
		const series =
			attemptKinds.get(key) ?? attempts.series({ upstream, outcome, decision: decision.replaceAll(' ', '_') })
		series.value++
		if (attemptKinds.size < mostKinds) attemptKinds.set(key, series)
	}
	return {
		registry,
		observe(record) {
			const { outcome, stream, usage, firstContentMs } = record
			const upstream = record.upstreamName ?? 'none'
			const counted = kindOf(upstream, record.upstreamModel || record.model, outcome, stream)
			counted.requests.value++
			for (const attempt of record.attempts) countAttempt(upstream, attempt)
			if (outcome === 'ok') {
				counted.duration ??= duration.series(counted.labels)
				counted.duration.observe(record.totalMs / 1000)
			}
			if (firstContentMs !== undefined) {
				counted.firstContent ??= firstContent.series(counted.labels)
				counted.firstContent.observe(firstContentMs / 1000)
			}
			if (!usage) return
			countTokens(counted, 'input', usage.input_tokens)
			countTokens(counted, 'output', usage.output_tokens)
			countTokens(counted, 'cache_read', usage.cache_read_input_tokens)
			countTokens(counted, 'cache_write', usage.cache_creation_input_tokens)
		},
		refused: type => refusals.increment({ type }),
		webhook: outcome => webhooks.increment({ outcome }),
	}
}
