import type { RequestRecord } from '../../../core/ports.ts'
import { readModelFamily } from './model-family.ts'
import { createRegistry, type Registry } from './registry.ts'

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
	return {
		registry,
		observe(record) {
			const upstream = record.upstreamName ?? 'none'
			const family = readModelFamily(record.upstreamModel || record.model)
			const stream = String(record.stream)
			requests.increment({ upstream, family, outcome: record.outcome, stream })
			for (const { outcome, decision } of record.attempts)
				attempts.increment({ upstream, outcome, decision: decision.replaceAll(' ', '_') })
			if (record.outcome === 'ok') duration.observe({ upstream, stream }, record.totalMs / 1000)
			if (record.firstContentMs !== undefined)
				firstContent.observe({ upstream, stream }, record.firstContentMs / 1000)
			const { usage } = record
			if (!usage) return
			const kinds = {
				input: usage.input_tokens,
				output: usage.output_tokens,
				cache_read: usage.cache_read_input_tokens,
				cache_write: usage.cache_creation_input_tokens,
			}
			for (const [kind, count] of Object.entries(kinds))
				if (count) tokens.increment({ upstream, family, kind }, count)
		},
		refused: type => refusals.increment({ type }),
		webhook: outcome => webhooks.increment({ outcome }),
	}
}
