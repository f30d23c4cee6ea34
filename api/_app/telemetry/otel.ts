import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import {
	MeterProvider,
	PeriodicExportingMetricReader,
	type PushMetricExporter,
} from '@opentelemetry/sdk-metrics'
import {
	AlwaysOffSampler,
	AlwaysOnSampler,
	BatchSpanProcessor,
	ParentBasedSampler,
	type Sampler,
	type SpanExporter,
	TraceIdRatioBasedSampler,
	TracerProvider,
} from '@opentelemetry/sdk-trace'
import { createRequestSpans } from './request-spans.ts'
import type { Telemetry } from './telemetry.ts'

export interface OtelOptions {
	traces: boolean
	metrics: boolean
	version: string
	variables: Readonly<Record<string, string | undefined>>
}

/** Longest that a flush takes: a collector that is away holds nothing up. */
const patienceMs = 3000

/**
 * The SDK, set up by the standard variables. Those about endpoints, headers and time limits are read by the exporters
 * themselves. Nothing is registered globally: this process may have instrumentation of its own.
 */
export async function createOtel(options: OtelOptions): Promise<Telemetry> {
	const { variables, version } = options
	const resource = resourceFromAttributes({
		'service.name': 'claude-proxy',
		'service.version': version,
	}).merge(detectResources({ detectors: [envDetector] }))
	const spanExporter = options.traces ? await createSpanExporter(variables) : undefined
	const tracers = new TracerProvider({
		resource,
		sampler: spanExporter ? readSampler(variables) : new AlwaysOffSampler(),
		spanProcessors: spanExporter
			? [
					new BatchSpanProcessor({
						exporter: spanExporter,
						...readNumber(variables.OTEL_BSP_SCHEDULE_DELAY, 'scheduledDelayMillis'),
					}),
				]
			: [],
	})
	const meters = new MeterProvider({
		resource,
		readers: options.metrics
			? [
					new PeriodicExportingMetricReader({
						exporter: await createMetricExporter(variables),
						...readNumber(variables.OTEL_METRIC_EXPORT_INTERVAL, 'exportIntervalMillis'),
					}),
				]
			: [],
	})
	const quietly = (work: Promise<unknown>) => Promise.race([work.catch(() => {}), pause()])
	return {
		begin: createRequestSpans(
			tracers.getTracer('claude-proxy', version),
			meters.getMeter('claude-proxy', version),
		),
		async flush() {
			await quietly(Promise.all([tracers.forceFlush(), meters.forceFlush()]))
		},
		async close() {
			await quietly(Promise.all([tracers.shutdown(), meters.shutdown()]))
		},
	}
}

const pause = () =>
	new Promise<void>(resolve => {
		setTimeout(resolve, patienceMs).unref()
	})

type Variables = OtelOptions['variables']

/** `http/protobuf` unless told otherwise; gRPC is not spoken here. */
function usesJson(variables: Variables, signal: 'TRACES' | 'METRICS'): boolean {
	const protocol = variables[`OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`] || variables.OTEL_EXPORTER_OTLP_PROTOCOL
	return protocol?.trim() === 'http/json'
}

async function createSpanExporter(variables: Variables): Promise<SpanExporter> {
	const { OTLPTraceExporter } = usesJson(variables, 'TRACES')
		? await import('@opentelemetry/exporter-trace-otlp-http')
		: await import('@opentelemetry/exporter-trace-otlp-proto')
	return new OTLPTraceExporter()
}

async function createMetricExporter(variables: Variables): Promise<PushMetricExporter> {
	const { OTLPMetricExporter } = usesJson(variables, 'METRICS')
		? await import('@opentelemetry/exporter-metrics-otlp-http')
		: await import('@opentelemetry/exporter-metrics-otlp-proto')
	return new OTLPMetricExporter()
}

/** OTEL_TRACES_SAMPLER and its argument, which the SDK leaves to whoever sets it up. */
function readSampler({ OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: argument }: Variables): Sampler {
	const text = name?.trim() || 'parentbased_always_on'
	const ratio = Number(argument ?? '1')
	const root = text.endsWith('always_off')
		? new AlwaysOffSampler()
		: text.endsWith('traceidratio')
			? new TraceIdRatioBasedSampler(ratio >= 0 && ratio <= 1 ? ratio : 1)
			: new AlwaysOnSampler()
	return text.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root
}

function readNumber<Name extends string>(
	text: string | undefined,
	name: Name,
): Partial<Record<Name, number>> {
	const value = Number(text)
	return text && Number.isFinite(value) && value > 0 ? ({ [name]: value } as Record<Name, number>) : {}
}
