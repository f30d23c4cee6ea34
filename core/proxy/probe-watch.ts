import type { AnswerHandler, Clock, Transport } from '../ports.ts'
import { concatenate } from './answer-reader.ts'

/** What was seen of the latest exchange on its way. */
export interface Sighting {
	/** HTTP status; 0 before there is one. */
	status: number
	url: string
	connectMs: number | null
	firstByteMs: number | null
	totalMs: number
	/** The model that the answer names, as far as its beginning tells. */
	answeredModel: string | null
}

export interface WatchedTransport {
	transport: Transport
	/** Of the exchange that was begun last; undefined when none was. */
	sighting(): Sighting | undefined
}

/** The model stands in the first event of a stream, or early in a whole answer. */
const keptBytes = 64 * 1024

/** A transport that looks at its watch. */
export function watchTransport(transport: Transport, clock: Clock): WatchedTransport {
	let last: { sighting(): Sighting } | undefined
	// A list of models, or a refusal that was repaired, may have opened the connection that the answer came by.
	let connectMs: number | null = null
	return {
		transport(request, route, handler) {
			const watch = createWatch(clock, request.url, handler)
			connectMs = last?.sighting().connectMs ?? connectMs
			last = watch
			return transport(request, route, watch.handler)
		},
		sighting() {
			const seen = last?.sighting()
			return seen && { ...seen, connectMs: seen.connectMs ?? connectMs }
		},
	}
}

function createWatch(clock: Clock, url: string, handler: AnswerHandler) {
	const started = clock.elapsed()
	const sinceStart = () => Math.max(0, Math.round(clock.elapsed() - started))
	let status = 0
	let connectMs: number | null = null
	let firstByteMs: number | null = null
	let totalMs: number | undefined
	const chunks: Uint8Array[] = []
	let bytes = 0
	const watching: AnswerHandler = {
		connected() {
			connectMs = sinceStart()
		},
		head(newStatus, headers) {
			status = newStatus
			firstByteMs = sinceStart()
			handler.head(newStatus, headers)
		},
		data(chunk) {
			if (bytes < keptBytes) chunks.push(chunk)
			bytes += chunk.length
			handler.data(chunk)
		},
		ended() {
			totalMs = sinceStart()
			handler.ended()
		},
		failed(fault) {
			totalMs = sinceStart()
			handler.failed(fault)
		},
	}
	const sighting = (): Sighting => {
		const text = new TextDecoder().decode(concatenate(chunks).subarray(0, keptBytes))
		const answeredModel = readAnsweredModel(text)
		return { status, url, connectMs, firstByteMs, totalMs: totalMs ?? sinceStart(), answeredModel }
	}
	return { handler: watching, sighting }
}

/** Events looked at: vendors may begin with a ping. */
const maxEvents = 8

/** The model that an answer names, whatever its dialect: a JSON body, or the first events of a stream. */
export function readAnsweredModel(text: string): string | null {
	const whole = parse(text)
	if (whole !== undefined) return findAnsweredModel(Array.isArray(whole) ? whole[0] : whole)
	const events = text.split(/\r\n|\r|\n/, 400).filter(line => /^data:|^\s*\{/.test(line))
	for (const line of events.slice(0, maxEvents)) {
		const model = findAnsweredModel(parse(line.replace(/^data:/, '')))
		if (model !== null) return model
	}
	return null
}

/** `model` (most), `modelVersion` (Gemini), or the same inside `message` or `response`. */
export function findAnsweredModel(value: unknown): string | null {
	if (typeof value !== 'object' || value === null) return null
	const body = value as Record<string, unknown>
	for (const name of ['model', 'modelVersion']) {
		const model = body[name]
		if (typeof model === 'string' && model !== '') return model.slice(0, 200)
	}
	return findAnsweredModel(body.message) ?? findAnsweredModel(body.response)
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text)
	} catch {
		return undefined
	}
}
