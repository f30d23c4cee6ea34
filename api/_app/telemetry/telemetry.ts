import type { IncomingMessage, RequestTrace } from '../../../core/ports.ts'

/** OpenTelemetry, when the standard variables ask for it. */
export interface Telemetry {
	/** Begins the span of a request. */
	begin(incoming: Pick<IncomingMessage, 'headers'>): { traceId: string; trace: RequestTrace }
	/** Sends what is waiting. Never rejects. */
	flush(): Promise<void>
	/** The same, and stops. Never rejects. */
	close(): Promise<void>
}

type Variables = Readonly<Record<string, string | undefined>>

/**
 * What is to be exported, by https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/: a set
 * endpoint, or an exporter asked for by name, switches it on.
 */
export function readTelemetryWish(variables: Variables): { traces: boolean; metrics: boolean } {
	const off = variables.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true'
	const wants = (signal: 'TRACES' | 'METRICS') => {
		const exporter = variables[`OTEL_${signal}_EXPORTER`]?.trim().toLowerCase()
		if (off || exporter === 'none') return false
		const endpoint =
			variables.OTEL_EXPORTER_OTLP_ENDPOINT || variables[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`]
		return exporter === 'otlp' || (exporter === undefined && Boolean(endpoint))
	}
	return { traces: wants('TRACES'), metrics: wants('METRICS') }
}

/** The SDK is loaded only then: it costs others neither time at the start nor memory. */
export async function startTelemetry(
	version: string,
	variables: Variables = process.env,
): Promise<Telemetry | undefined> {
	const wish = readTelemetryWish(variables)
	if (!wish.traces && !wish.metrics) return undefined
	const { createOtel } = await import('./otel.ts')
	return createOtel({ ...wish, version, variables })
}
