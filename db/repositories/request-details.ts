import type { Usage } from '../../core/messages/events.ts'
import type { Note } from '../../core/messages/notes.ts'
import type { AttemptRecord, RequestRecord } from '../../core/ports.ts'

/**
 * What a row of the log holds beside the columns that are filtered by. Names are short and what is as usual is left
 * out: there is one of these for each request, and writing it is most of what a row costs.
 */
export interface RequestDetails {
	/** Name of the upstream, mask of the key. */
	u?: string
	k?: string
	/** Error message, stop reason, the model that the answer named (empty: the one that was asked for). */
	e?: string
	r?: string
	am?: string
	/** Tokens: input, output, cache read, cache write, reasoning; web searches. Null where the upstream told none. */
	t?: (number | null)[]
	/** Milliseconds: first content, waiting for its turn. */
	f?: number
	q?: number
	/** Bytes in, bytes out; tool calls. */
	b?: [number, number]
	c?: number
	/** User agent, session, source, access key. */
	ua?: string
	s?: string
	src?: string
	x?: string
	a?: AttemptDetails[]
	n?: readonly Note[]
}

/** An attempt; what the row says too is left out. */
interface AttemptDetails {
	/** Milliseconds it took, and since when; until the connection stood, until the head of the answer came. */
	m: number
	st?: number
	c?: number
	f?: number
	s?: number
	o?: string
	d?: string
	e?: string
	w?: string
	k?: string
	km?: string
	up?: string
}

/** Most attempts and notes that are kept of a request. */
const maxListed = 100

export function writeDetails(record: RequestRecord): string {
	const { upstreamName, keyMask, errorMessage, stopReason, answeredModel, usage, firstContentMs } = record
	const { queueMs = 0, bytesIn = 0, bytesOut = 0, toolCalls = 0, userAgent, sessionId, source } = record
	const details: RequestDetails = {}
	if (upstreamName !== undefined) details.u = upstreamName
	if (keyMask !== undefined) details.k = keyMask
	if (errorMessage !== '') details.e = errorMessage.slice(0, 1000)
	if (stopReason !== undefined) details.r = stopReason
	if (answeredModel !== undefined) details.am = answeredModel === record.upstreamModel ? '' : answeredModel
	if (usage) details.t = writeUsage(usage)
	if (firstContentMs !== undefined) details.f = Math.round(firstContentMs)
	if (queueMs >= 1) details.q = Math.round(queueMs)
	if (bytesIn > 0 || bytesOut > 0) details.b = [bytesIn, bytesOut]
	if (toolCalls > 0) details.c = toolCalls
	if (userAgent !== '') details.ua = userAgent.slice(0, 300)
	if (sessionId !== '') details.s = sessionId.slice(0, 200)
	if (source !== undefined && source !== 'client') details.src = source
	if (record.accessKeyId !== undefined) details.x = record.accessKeyId
	if (record.attempts.length > 0) {
		details.a = record.attempts.slice(0, maxListed).map(attempt => writeAttempt(attempt, record))
	}
	if (record.notes.length > 0) details.n = record.notes.slice(0, maxListed)
	return JSON.stringify(details)
}

function writeUsage(usage: Usage): (number | null)[] {
	const counts = [
		usage.input_tokens,
		usage.output_tokens,
		usage.cache_read_input_tokens ?? null,
		usage.cache_creation_input_tokens ?? null,
		usage.output_tokens_details?.thinking_tokens ?? null,
		usage.server_tool_use?.web_search_requests ?? null,
	]
	while (counts.at(-1) === null) counts.pop()
	return counts
}

function writeAttempt(attempt: AttemptRecord, record: RequestRecord): AttemptDetails {
	const { startMs, connectMs, firstByteMs, status, outcome, decision, message, url } = attempt
	// As differences of rounded times: what is added up again then stays in the order in which it happened.
	const began = startMs ?? 0
	const writeSpan = (ms: number) => Math.round(began + ms) - Math.round(began)
	const details: AttemptDetails = { m: writeSpan(attempt.ms) }
	if (startMs !== undefined) details.st = Math.round(startMs)
	if (connectMs !== undefined) details.c = writeSpan(connectMs)
	if (firstByteMs !== undefined) details.f = writeSpan(firstByteMs)
	if (status !== record.status) details.s = status
	if (outcome !== record.outcome) details.o = outcome
	if (decision !== 'answered') details.d = decision
	if (message !== '') details.e = message.slice(0, 1000)
	if (url !== undefined) details.w = url
	if (attempt.keyId !== record.keyId) details.k = attempt.keyId
	if (attempt.keyMask !== record.keyMask) details.km = attempt.keyMask
	if (attempt.upstreamId !== record.upstreamId) details.up = attempt.upstreamId
	return details
}

/** The columns of a row that its details refer to. */
export interface DetailsRow {
	upstream_id: string | null
	key_id: string | null
	upstream_model: string
	outcome: string
	status: number
}

type DetailedFields =
	| 'upstreamName'
	| 'keyMask'
	| 'errorMessage'
	| 'stopReason'
	| 'usage'
	| 'firstContentMs'
	| 'attempts'
	| 'notes'
	| 'userAgent'
	| 'sessionId'
	| 'source'
	| 'accessKeyId'
	| 'answeredModel'
	| 'toolCalls'
	| 'queueMs'
	| 'bytesIn'
	| 'bytesOut'

export function readDetails(text: string, row: DetailsRow): Pick<RequestRecord, DetailedFields> {
	const details = JSON.parse(text) as RequestDetails
	return {
		upstreamName: details.u ?? undefined,
		keyMask: details.k ?? undefined,
		errorMessage: details.e ?? '',
		stopReason: details.r ?? undefined,
		usage: details.t ? readUsage(details.t) : undefined,
		firstContentMs: details.f ?? undefined,
		attempts: (details.a ?? []).map(attempt => readAttempt(attempt, row, details)),
		notes: details.n ?? [],
		userAgent: details.ua ?? '',
		sessionId: details.s ?? '',
		source: details.src === 'playground' ? 'playground' : 'client',
		...(details.x !== undefined && { accessKeyId: details.x }),
		...(details.am !== undefined && { answeredModel: details.am || row.upstream_model }),
		toolCalls: details.c ?? 0,
		queueMs: details.q ?? 0,
		bytesIn: details.b?.[0] ?? 0,
		bytesOut: details.b?.[1] ?? 0,
	}
}

function readUsage([input, output, cacheRead, cacheWrite, reasoning, searches]: (number | null)[]): Usage {
	const usage: Usage = { input_tokens: input ?? 0, output_tokens: output ?? 0 }
	if (cacheRead != null) usage.cache_read_input_tokens = cacheRead
	if (cacheWrite != null) usage.cache_creation_input_tokens = cacheWrite
	if (reasoning != null) usage.output_tokens_details = { thinking_tokens: reasoning }
	if (searches != null) usage.server_tool_use = { web_search_requests: searches }
	return usage
}

function readAttempt(attempt: AttemptDetails, row: DetailsRow, { k: mask }: RequestDetails): AttemptRecord {
	const { m: ms, st, c, f, w } = attempt
	return {
		upstreamId: attempt.up ?? row.upstream_id ?? '',
		keyId: attempt.k ?? row.key_id ?? '',
		keyMask: attempt.km ?? mask ?? '',
		status: attempt.s ?? row.status,
		outcome: (attempt.o ?? row.outcome) as AttemptRecord['outcome'],
		decision: (attempt.d ?? 'answered') as AttemptRecord['decision'],
		message: attempt.e ?? '',
		ms,
		...(st != null && { startMs: st }),
		...(c != null && { connectMs: c }),
		...(f != null && { firstByteMs: f }),
		...(w !== undefined && { url: w }),
	}
}
