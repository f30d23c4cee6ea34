import pino from 'pino'
import type { Environment } from '../../core/config/environment.ts'
import type { Recorder, RequestRecord } from '../../core/ports.ts'

export type Logger = pino.Logger

/** JSON lines for machines, readable ones for people: whoever looks at a terminal gets the latter. */
export async function createLogger(level: Environment['LOG_LEVEL'], pretty: boolean): Promise<Logger> {
	if (!pretty) return pino({ level, base: undefined })
	const { default: pinoPretty } = await import('pino-pretty')
	return pino(
		{ level, base: undefined },
		pinoPretty({ ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss', sync: true, singleLine: true }),
	)
}

/**
 * One line per request, when it is over: its request part and its answer part are switched separately. Bodies and
 * keys are never in it, since a record has none.
 */
export function createRequestLogger(
	logger: Logger,
	{ ENABLE_REQUEST_LOGS, ENABLE_RESPONSE_LOGS }: Environment,
): Recorder {
	if (!ENABLE_REQUEST_LOGS && !ENABLE_RESPONSE_LOGS) return () => {}
	return record => {
		const level =
			record.status >= 500 ? 'error' : record.status >= 400 && record.status !== 499 ? 'warn' : 'info'
		if (!logger.isLevelEnabled(level)) return
		const fields = {
			id: record.id,
			...(ENABLE_REQUEST_LOGS && describeRequest(record)),
			...(ENABLE_RESPONSE_LOGS && describeAnswer(record)),
		}
		logger[level](
			fields,
			`POST /v1/messages ${ENABLE_RESPONSE_LOGS ? `${record.status} ${record.outcome}` : ''}`.trim(),
		)
	}
}

function describeRequest({ model, upstreamModel, stream }: RequestRecord) {
	return { model, ...(upstreamModel !== model && { upstreamModel }), stream }
}

function describeAnswer(record: RequestRecord) {
	const { upstreamName: upstream, keyMask: key, attempts, usage, errorMessage: error, notes } = record
	return {
		...{ upstream, key, ms: Math.round(record.totalMs) },
		...(record.firstContentMs !== undefined && { firstMs: Math.round(record.firstContentMs) }),
		...(usage && { inputTokens: usage.input_tokens, outputTokens: usage.output_tokens }),
		...(attempts.length > 1 && { attempts: attempts.map(({ keyMask, status }) => `${keyMask} ${status}`) }),
		...(notes.length > 0 && { notes: notes.length }),
		...(error !== '' && { error }),
	}
}
