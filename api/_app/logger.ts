import pino, { type DestinationStream } from 'pino'
import type { Environment } from '../../core/config/environment.ts'
import type { Recorder, RequestRecord } from '../../core/ports.ts'
import { batchLines } from './batched-lines.ts'
import { createSecretScrubber, type SecretScrubber } from './log-secrets.ts'

export type Logger = pino.Logger

const scrubbers = new WeakMap<Logger, SecretScrubber>()

/**
 * JSON lines for machines, readable ones for people: whoever looks at a terminal gets the latter. Each line passes a
 * scrubber on its way out, so that no call can log a key, however it came by it.
 */
export async function createLogger(
	level: Environment['LOG_LEVEL'],
	pretty: boolean,
	destination?: DestinationStream,
): Promise<Logger> {
	const scrubber = createSecretScrubber()
	const options = { level, base: undefined, hooks: { streamWrite: scrubber.scrub } }
	const stream = destination ?? (pretty ? await createPrettyStream() : pino.destination({ sync: true }))
	const logger = pino(options, stream)
	scrubbers.set(logger, scrubber)
	return logger
}

/** For a process that lives on after its answers: of a function that is frozen with them, lines must have left before. */
export const batchedOutput = (): DestinationStream => batchLines(pino.destination({ sync: true }))

async function createPrettyStream(): Promise<DestinationStream> {
	const { default: pinoPretty } = await import('pino-pretty')
	return pinoPretty({ ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss', sync: true, singleLine: true })
}

/** Tells a logger what it must never write. */
export function keepFromLog(logger: Logger, source: Parameters<SecretScrubber['watch']>[0]): void {
	scrubbers.get(logger)?.watch(source)
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
			...nameRequest(record),
			...(ENABLE_REQUEST_LOGS && describeRequest(record)),
			...(ENABLE_RESPONSE_LOGS && describeAnswer(record)),
		}
		logger[level](
			fields,
			`POST /v1/messages ${ENABLE_RESPONSE_LOGS ? `${record.status} ${record.outcome}` : ''}`.trim(),
		)
	}
}

/** What every line about a request has: its id, and the trace it belongs to. */
export function nameRequest({ id, traceId }: { id: string; traceId?: string | undefined }) {
	return traceId === undefined ? { id } : { id, traceId }
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
