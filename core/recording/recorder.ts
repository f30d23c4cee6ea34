import type { Recording } from '../config/recording.ts'
import { copyBytes } from '../messages/large-bytes.ts'
import type { Clock, IncomingMessage, RequestRecord } from '../ports.ts'
import type { HeaderMap, OutgoingRequest } from '../upstreams/contract.ts'
import { Tape, type TapeContent, type TapeLimits } from './tape.ts'

/** The beginning of a request's body; longer than what is shown of it, so that no key is cut in two. */
export interface CutBody {
	bytes: Uint8Array
	/** Of the whole. */
	length: number
}

/** One attempt as it was, secrets included: it never leaves the process like this. */
export interface RawAttempt {
	at: number
	request: Pick<OutgoingRequest, 'method' | 'url' | 'headers'>
	body: CutBody
	/** The key it was sent with. */
	secret: string
	/** Names of headers whose values are nobody's business. */
	hiddenHeaders: readonly string[]
	answer: RawAnswer | undefined
	/** Why there was no answer, or no whole one. */
	problem: string
}

/** An attempt that begins. */
interface StartedAttempt extends Pick<RawAttempt, 'secret' | 'hiddenHeaders'> {
	request: OutgoingRequest
}

export interface RawAnswer {
	status: number
	headers: HeaderMap
	body: TapeContent
}

/** The bodies of one request as they were, secrets included. */
export interface RawRecording {
	requestId: string
	mode: Recording['mode']
	/** Most bytes that are kept of each body. */
	maxBytes: number
	request: Pick<IncomingMessage, 'method' | 'path' | 'query' | 'headers'> & { body: CutBody }
	/** The latest ones. */
	attempts: RawAttempt[]
	answer: RawAnswer | undefined
}

/** About how many bytes a recording holds on to. */
export function weigh({ request, attempts, answer }: RawRecording): number {
	const bodies = new Set([request.body, ...attempts.map(({ body }) => body)])
	const requests = [...bodies].reduce((sum, { bytes }) => sum + bytes.length, 0)
	const answers = [...attempts.map(attempt => attempt.answer), answer]
	return answers.reduce(
		(sum, one) => sum + (one ? one.body.length - one.body.left : 0),
		requests + perRecording,
	)
}

/** Headers, objects. */
const perRecording = 8 * 1024

/** Where recordings go. Returns at once. */
export type KeepRecording = (recording: RawRecording) => void

/** More attempts than this say the same again. */
const keptAttempts = 8

const kilobyte = 1024

/** Of an answer of which it is not yet known whether it will be wanted: enough to see how it began and how it ended. */
const frugal: TapeLimits = { head: kilobyte, tail: 16 * kilobyte, pieces: 8 }

/** Whether an outcome is wanted when only errors are. */
const isError = ({ outcome }: Pick<RequestRecord, 'outcome'>) => outcome !== 'ok' && outcome !== 'cancelled'

/** Listens to one request and its attempts. Everything is dropped when it ends well and only errors are wanted. */
export class RequestRecording {
	readonly #rule: Recording
	readonly #clock: Clock
	readonly #incoming: IncomingMessage & { requestId: string }
	readonly #started: number
	readonly #attempts: AttemptTape[] = []
	/** The attempt whose answer the client gets as it comes: then it is kept once, there. */
	#passed: AttemptTape | undefined
	/** What the client gets, where that is something else. */
	#client: Tape | undefined
	/** Most attempts send the same body: it is kept once. */
	#cuts: Map<OutgoingRequest['body'], CutBody> | undefined
	#clientHead: { status: number; headers: HeaderMap } | undefined

	constructor(rule: Recording, clock: Clock, incoming: IncomingMessage & { requestId: string }) {
		this.#rule = rule
		this.#clock = clock
		this.#incoming = incoming
		this.#started = clock.elapsed()
	}

	startAttempt(attempt: StartedAttempt): AttemptTape {
		const tape = new AttemptTape(this.#rule, attempt, this.#clock, this.#started)
		this.#attempts.push(tape)
		if (this.#attempts.length > keptAttempts) this.#attempts.shift()
		return tape
	}

	answerHead(status: number, headers: HeaderMap): void {
		this.#clientHead = { status, headers }
	}

	answerData(chunk: string | Uint8Array): void {
		if (!this.#client) {
			const attempt = this.#passed ?? this.#attempts.at(-1)
			if (attempt?.isPassed(chunk)) {
				this.#passed = attempt
				return
			}
			this.#client = this.#passed?.copyTape() ?? this.#createTape()
		}
		this.#client.push(chunk, Math.round(this.#clock.elapsed() - this.#started))
	}

	#createTape(): Tape {
		const isWanted = this.#rule.mode === 'all' || (this.#clientHead?.status ?? 200) >= 400
		return new Tape(isWanted ? whole(this.#rule) : frugal)
	}

	#cut(body: OutgoingRequest['body']): CutBody {
		this.#cuts ??= new Map()
		const known = this.#cuts.get(body)
		if (known) return known
		const made = cutBody(body, this.#rule.maxKb * kilobyte)
		this.#cuts.set(body, made)
		return made
	}

	/** What is to be kept of the request; undefined when nothing is. */
	finish(record: Pick<RequestRecord, 'outcome'>): RawRecording | undefined {
		if (this.#rule.mode === 'errors' && !isError(record)) return undefined
		const { requestId, method, path, query, headers, body } = this.#incoming
		return {
			...{ requestId, mode: this.#rule.mode, maxBytes: this.#rule.maxKb * kilobyte },
			request: { method, path, query, headers, body: this.#cut(body) },
			attempts: this.#attempts.map(tape => tape.read(body => this.#cut(body))),
			answer: this.#clientHead && { ...this.#clientHead, body: this.#readClient() },
		}
	}

	#readClient(): TapeContent {
		return this.#client?.read() ?? this.#passed?.readTape() ?? { head: [], tail: [], left: 0, length: 0 }
	}
}

/** Longest key that a cut must not split, and be it a token. */
const overlap = 4 * kilobyte

function cutBody(body: OutgoingRequest['body'], maxBytes: number): CutBody {
	const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : (body ?? new Uint8Array())
	const kept = maxBytes + overlap
	// A copy: what is held on to should not be the whole of a large body.
	return { bytes: bytes.length > kept ? copyBytes(bytes, 0, kept) : bytes, length: bytes.length }
}

/** Listens to one attempt. */
export class AttemptTape {
	readonly #rule: Recording
	readonly #attempt: StartedAttempt
	readonly #clock: Clock
	readonly #started: number
	readonly #at: number
	readonly #tape = new Tape(frugal)
	#head: { status: number; headers: HeaderMap } | undefined
	/** What came last, as long as it may go to the client. */
	#latest: Uint8Array | undefined
	#chunks = 0
	/** Those that went to the client as they came. */
	#passed = 0
	#problem = ''

	constructor(rule: Recording, attempt: StartedAttempt, clock: Clock, started: number) {
		this.#rule = rule
		this.#attempt = attempt
		this.#clock = clock
		this.#started = started
		this.#at = Math.round(clock.elapsed() - started)
	}

	head(status: number, headers: HeaderMap): void {
		this.#head = { status, headers }
		const isWanted = this.#rule.mode === 'all' || status < 200 || status >= 300
		if (isWanted) this.#tape.setLimits(whole(this.#rule))
	}

	data(bytes: Uint8Array): void {
		this.#chunks++
		this.#latest = bytes
		this.#tape.push(bytes, Math.round(this.#clock.elapsed() - this.#started))
	}

	/** Whether this is what came last, and all that came before it went to the client in the same way. */
	isPassed(chunk: string | Uint8Array): boolean {
		if (chunk !== this.#latest || this.#passed !== this.#chunks - 1) return false
		this.#passed++
		this.#latest = undefined
		return true
	}

	readTape(): TapeContent {
		return this.#tape.read()
	}

	copyTape(): Tape {
		return this.#tape.copy()
	}

	failed(message: string): void {
		this.#problem = message
	}

	read(cut: (body: OutgoingRequest['body']) => CutBody): RawAttempt {
		const answer = this.#head && readAnswer(this.#head, this.#tape)
		const { request, secret, hiddenHeaders } = this.#attempt
		const { method, url, headers, body } = request
		return {
			...{ request: { method, url, headers }, body: cut(body), secret, hiddenHeaders },
			...{ at: this.#at, answer, problem: this.#problem },
		}
	}
}

function readAnswer(head: Pick<RawAnswer, 'status' | 'headers'>, tape: Tape): RawAnswer {
	return { ...head, body: tape.read() }
}

/** Most of a body goes to its beginning, but for its last part: that is where streams break. */
function whole({ maxKb }: Recording): TapeLimits {
	const bytes = maxKb * kilobyte
	const tail = Math.min(32 * kilobyte, bytes / 4)
	return { head: bytes - tail, tail, pieces: 256 }
}

/** Undefined when nothing is recorded: that costs nothing. */
export function startRecording(
	rule: Recording | undefined,
	clock: Clock,
	incoming: IncomingMessage & { requestId: string },
): RequestRecording | undefined {
	return rule === undefined || rule.mode === 'off' ? undefined : new RequestRecording(rule, clock, incoming)
}
