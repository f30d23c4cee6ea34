import {
	type Attributes,
	type Context,
	type Meter,
	ROOT_CONTEXT,
	type Span,
	SpanKind,
	SpanStatusCode,
	type Tracer,
	trace,
} from '@opentelemetry/api'
import type { AttemptTrace, RequestRecord, RequestTrace } from '../../../core/ports.ts'
import { readModelFamily } from '../metrics/model-family.ts'
import type { Telemetry } from './telemetry.ts'

/** https://opentelemetry.io/docs/specs/semconv/registry/attributes/gen-ai/ `gen_ai.provider.name` */
const providers: Readonly<Record<string, string>> = { claude: 'anthropic', gemini: 'gcp.gemini' }

/**
 * Spans and metrics of requests, with the attributes of the GenAI conventions
 * (https://opentelemetry.io/docs/specs/semconv/gen-ai/): one span for the request, below it one per attempt with a key.
 * Bodies, keys and addresses beyond the host are in none of them.
 */
export function createRequestSpans(tracer: Tracer, meter: Meter): Telemetry['begin'] {
	const measure = createMeasures(meter)
	return ({ headers }) => {
		const parent = readParent(headers.traceparent)
		const span = tracer.startSpan('POST /v1/messages', { kind: SpanKind.SERVER }, parent)
		const within = trace.setSpan(parent, span)
		return {
			traceId: span.spanContext().traceId,
			trace: {
				startAttempt: attempt => startAttempt(tracer, within, attempt),
				end(record) {
					describeRequest(span, record)
					measure(record)
				},
			},
		}
	}
}

function startAttempt(
	tracer: Tracer,
	within: Context,
	{ upstreamName, upstreamType, url, model }: Parameters<RequestTrace['startAttempt']>[0],
): AttemptTrace {
	const address = URL.parse(url)
	const span = tracer.startSpan(
		`chat ${model}`,
		{
			kind: SpanKind.CLIENT,
			attributes: {
				'gen_ai.operation.name': 'chat',
				'gen_ai.provider.name': providers[upstreamType] ?? 'openai',
				'gen_ai.request.model': model,
				'claude_proxy.upstream': upstreamName,
				...(address && { 'server.address': address.hostname }),
				...(address && { 'server.port': Number(address.port) || (address.protocol === 'https:' ? 443 : 80) }),
			},
		},
		within,
	)
	const { traceId, spanId, traceFlags } = span.spanContext()
	const flags = traceFlags.toString(16).padStart(2, '0')
	return {
		headers: { traceparent: `00-${traceId}-${spanId}-${flags}` },
		end({ status, outcome, usage, stopReason }) {
			span.setAttributes({
				'http.response.status_code': status,
				...(stopReason && { 'gen_ai.response.finish_reasons': [stopReason] }),
				...describeUsage(usage),
			})
			endSpan(span, outcome)
		},
	}
}

function describeRequest(span: Span, record: RequestRecord): void {
	span.setAttributes({
		'http.request.method': 'POST',
		'http.route': '/v1/messages',
		'http.response.status_code': record.status,
		'gen_ai.operation.name': 'chat',
		'gen_ai.request.model': record.model,
		'claude_proxy.request_id': record.id,
		'claude_proxy.attempts': record.attempts.length,
		...(record.upstreamName && { 'claude_proxy.upstream': record.upstreamName }),
		...(record.sessionId && { 'gen_ai.conversation.id': record.sessionId }),
		...(record.firstContentMs !== undefined && {
			'claude_proxy.first_content_ms': Math.round(record.firstContentMs),
		}),
		...describeUsage(record.usage),
	})
	endSpan(span, record.outcome)
}

/**
 * A client that leaves is no error: error rates are reckoned by whether there is an `error.type`
 * (https://opentelemetry.io/docs/specs/semconv/registry/attributes/error/).
 */
function describeOutcome(outcome: RequestRecord['outcome']): Attributes {
	if (outcome === 'ok') return {}
	return outcome === 'cancelled' ? { 'claude_proxy.cancelled': true } : { 'error.type': outcome }
}

function endSpan(span: Span, outcome: RequestRecord['outcome']): void {
	span.setAttributes(describeOutcome(outcome))
	if (outcome !== 'ok' && outcome !== 'cancelled') span.setStatus({ code: SpanStatusCode.ERROR })
	span.end()
}

function describeUsage(usage: RequestRecord['usage']): Attributes {
	if (!usage) return {}
	return {
		'gen_ai.usage.input_tokens': usage.input_tokens,
		'gen_ai.usage.output_tokens': usage.output_tokens,
		...(usage.cache_read_input_tokens && {
			'gen_ai.usage.cache_read.input_tokens': usage.cache_read_input_tokens,
		}),
		...(usage.cache_creation_input_tokens && {
			'gen_ai.usage.cache_creation.input_tokens': usage.cache_creation_input_tokens,
		}),
	}
}

/** https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/; models by family, since clients name them. */
function createMeasures(meter: Meter): (record: RequestRecord) => void {
	const duration = meter.createHistogram('gen_ai.client.operation.duration', { unit: 's' })
	const tokens = meter.createHistogram('gen_ai.client.token.usage', { unit: '{token}' })
	const firstContent = meter.createHistogram('gen_ai.server.time_to_first_token', { unit: 's' })
	return record => {
		const attributes: Attributes = {
			'gen_ai.operation.name': 'chat',
			'claude_proxy.upstream': record.upstreamName ?? 'none',
			'claude_proxy.model_family': readModelFamily(record.upstreamModel || record.model),
		}
		duration.record(record.totalMs / 1000, { ...attributes, ...describeOutcome(record.outcome) })
		if (record.firstContentMs !== undefined) firstContent.record(record.firstContentMs / 1000, attributes)
		if (!record.usage) return
		tokens.record(record.usage.input_tokens, { ...attributes, 'gen_ai.token.type': 'input' })
		tokens.record(record.usage.output_tokens, { ...attributes, 'gen_ai.token.type': 'output' })
	}
}

/** https://www.w3.org/TR/trace-context/#traceparent-header */
function readParent(traceparent = ''): Context {
	const [, traceId, spanId, flags] =
		/^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/.exec(traceparent.trim()) ?? []
	if (!traceId || !spanId || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return ROOT_CONTEXT
	const traceFlags = Number.parseInt(flags ?? '00', 16) & 1
	return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true })
}
