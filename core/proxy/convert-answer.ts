import type { Note } from '../messages/notes.ts'
import { messageRequestSchema } from '../messages/request.ts'
import type { Clock, ResponseSink } from '../ports.ts'
import { type HeaderMap, RequestRefused, type UpstreamAdapter } from '../upstreams/contract.ts'
import { listCallIds } from '../upstreams/shared/call-ids.ts'
import type { AnswerReader, AnswerReading, AnswerResult, CreateAnswerReader } from './answer-reader.ts'
import { ClientAnswer } from './client-answer.ts'
import { convertAnswer, createMessageStart } from './converted-answer.ts'
import { createConvertedStream } from './converted-stream.ts'
import { answerExhausted, answerRefusal, type ErrorAnswer } from './errors.ts'
import { failureRules } from './failure-classes.ts'
import { passAnswer } from './passed-answer.ts'

export interface AnswerToConvert {
	adapter: UpstreamAdapter
	/** The upstream's answer: JSON, server-sent events, or JSON lines. */
	answer: string | Uint8Array
	/** The upstream's; 200 unless told. */
	status?: number | undefined
	headers?: HeaderMap | undefined
	/** Whether the client wants a stream. */
	stream: boolean
	/** The client's Messages request, where it is known: its model, its tools' names and its stop sequences matter. */
	request?: unknown
	/** The model that the client asked for, where there is no request. */
	model?: string | undefined
}

/** The answer as a client would get it. */
export interface ConvertedAnswerText {
	ok: boolean
	status: number
	contentType: string
	/** JSON, or server-sent events. */
	body: string
	notes: Note[]
	usage: AnswerReading['usage']
	stopReason: string | undefined
	/** What went wrong; a stream may have begun before. */
	problem: string | undefined
}

const requestId = 'req_converted'

/**
 * Converts an upstream's answer as the proxy would, with nothing asked of anybody. Pure: the ids that an answer lacks are
 * the same each time.
 */
export function convertAnswerText(input: AnswerToConvert): ConvertedAnswerText {
	const sink = new TextSink()
	const client = new ClientAnswer(sink, stillClock)
	const notes: Note[] = []
	const result = read(input, client, notes)
	const failure = result.kind === 'failed' ? result.failure : undefined
	if (result.kind === 'failed' && !result.committed) {
		const { status, body } = toErrorAnswer(result.failure)
		client.sendError({ status, headers: {}, body }, requestId)
	}
	return {
		...{ ok: failure === undefined, status: sink.status, contentType: sink.contentType, body: sink.text() },
		...{ notes, usage: result.reading.usage, stopReason: result.reading.stopReason },
		problem: failure?.message,
	}
}

function toErrorAnswer(failure: Parameters<typeof answerRefusal>[0]): ErrorAnswer {
	if (!failureRules[failure.class].nextKey) return answerRefusal(failure, '', requestId)
	return answerExhausted(failure, '', { requestId, attempts: 1, hopeless: false })
}

function read(input: AnswerToConvert, client: ClientAnswer, notes: Note[]): AnswerResult {
	const { adapter, answer, status = 200, headers = {} } = input
	const bytes = typeof answer === 'string' ? new TextEncoder().encode(answer) : answer
	if (status < 200 || status >= 300) {
		const body = new TextDecoder().decode(bytes)
		const failure = adapter.readFailure({ status, headers, body })
		return { kind: 'failed', failure, committed: false, reading: { usage: undefined, stopReason: undefined } }
	}
	let settled: AnswerResult | undefined
	const reader: AnswerReader = createReader(
		input,
		client,
		notes,
	)({
		accepted() {},
		settled(result) {
			settled ??= result
		},
	})
	reader.head(status, headers)
	reader.data(bytes)
	reader.ended()
	return settled ?? { kind: 'delivered', reading: reader.reading() }
}

function createReader(input: AnswerToConvert, client: ClientAnswer, notes: Note[]): CreateAnswerReader {
	const { adapter, stream } = input
	if (adapter.mode === 'pass-through') return passAnswer(adapter, client, { stream, headers: {} })
	const { model, toolNames, usedIds, stopSequences } = describeRequest(input)
	const message = { messageId: 'msg_converted', model, inputTokens: 0 }
	let calls = 0
	return convertAnswer({
		...{ adapter, client, message, headers: {}, notes },
		stream: stream ? createConvertedStream(client, {}, () => createMessageStart(message)) : undefined,
		context: {
			...{ toolNames, usedIds, stopSequences, upstreamModel: model },
			newToolId: () => `toolu_converted_${++calls}`,
		},
	})
}

/** What the conversion needs of the request; of one that is not there, or no request, the rest stays empty. */
function describeRequest({ adapter, request: given, model = 'model', stream }: AnswerToConvert) {
	const read = given === undefined ? undefined : messageRequestSchema.safeParse(given)
	const names = { toolNames: new Map<string, string>(), usedIds: undefined }
	const nothing = { model, ...names, stopSequences: [] as string[] }
	if (!read?.success || adapter.mode !== 'convert') return nothing
	const request = read.data
	const known = { model: request.model, stopSequences: request.stop_sequences ?? [] }
	try {
		const target = { baseUrl: adapter.baseUrlExample, authStyle: 'auto', extraHeaders: {} } as const
		const { toolNames } = adapter.buildRequest({ request, model: request.model, target, stream })
		return { ...known, toolNames, usedIds: listCallIds(request.messages) }
	} catch (error) {
		if (!(error instanceof RequestRefused)) throw error
		return { ...nothing, ...known }
	}
}

/** Nothing is pinged: the answer is there already. */
const stillClock: Clock = { now: () => 0, elapsed: () => 0, after: () => () => {} }

class TextSink implements ResponseSink {
	status = 200
	contentType = ''
	readonly #decoder = new TextDecoder()
	#text = ''

	head(status: number, headers: Record<string, string>): void {
		this.status = status
		this.contentType = headers['content-type'] ?? ''
	}

	write(chunk: string | Uint8Array): boolean {
		this.#text += typeof chunk === 'string' ? chunk : this.#decoder.decode(chunk, { stream: true })
		return true
	}

	end(chunk: string | Uint8Array = ''): void {
		this.write(chunk)
	}

	abort(): void {}

	onDrain(): void {}

	text(): string {
		return this.#text + this.#decoder.decode()
	}
}
