import { createSseParser } from '../../../../core/messages/sse-parser.ts'
import type { RequestView } from '../requests/types.ts'
import type { Session } from '../session/session.svelte.ts'
import { type Answer, createLiveAnswer, type LiveAnswer, noAnswer, readWholeAnswer } from './live-answer.ts'
import { findLogged } from './log-entry.ts'
import { isStream, readChunks, type Sending, send } from './send.ts'

export type RunState = 'idle' | 'running' | 'done' | 'failed' | 'cancelled'

/** An event of the stream: as it came, and how long after the start. */
export interface RunEvent {
	at: number
	text: string
}

const mostEvents = 2000
/** A speed over less is chance. */
const leastMs = 100
/** How often what has come is drawn: more is not seen. */
const drawMs = 60

/** One request and its answer as it comes. */
export class Run {
	state: RunState = $state('idle')
	answer: Answer = $state.raw(noAnswer)
	events: readonly RunEvent[] = $state.raw([])
	/** Those that are not kept, of a very long answer. */
	eventsLeft = $state(0)
	status: number | undefined = $state()
	/** Of the request in the log. */
	requestId: string | undefined = $state()
	elapsedMs = $state(0)
	firstMs: number | undefined = $state()
	/** It did not get as far as the proxy. */
	error: unknown = $state.raw()
	/** Which upstream and key answered, and what it cost: known once the log has it. */
	logged: RequestView | undefined = $state.raw()

	#session: Session
	#stopping: AbortController | undefined
	#started = 0
	#drawing: ReturnType<typeof setInterval> | undefined
	#pending: RunEvent[] = []
	#live: LiveAnswer | undefined

	constructor(session: Session) {
		this.#session = session
	}

	/** Output per second, once there is some. */
	readonly speed: number | undefined = $derived.by(() => {
		const tokens = this.answer.usage.output_tokens ?? 0
		const ms = this.elapsedMs - (this.firstMs ?? 0)
		return this.state === 'done' && tokens > 1 && ms >= leastMs ? (tokens / ms) * 1000 : undefined
	})

	stop(): void {
		if (this.state !== 'running') return
		this.#stopping?.abort()
		this.#end('cancelled')
	}

	async start(sending: Sending): Promise<void> {
		this.#stopping?.abort()
		const stopping = new AbortController()
		this.#stopping = stopping
		this.#reset()
		try {
			const { response, requestId } = await send(this.#session, sending, stopping.signal)
			this.status = response.status
			this.requestId = requestId
			await this.#read(response)
			if (this.#stopping !== stopping || stopping.signal.aborted) return
			this.#end(this.answer.error === undefined && response.ok ? 'done' : 'failed')
		} catch (error) {
			if (this.#stopping !== stopping || stopping.signal.aborted) return
			this.error = error
			this.#end('failed')
		}
	}

	#reset(): void {
		Object.assign(this, { state: 'running', answer: noAnswer, events: [], eventsLeft: 0, status: undefined })
		Object.assign(this, { requestId: undefined, elapsedMs: 0, firstMs: undefined, error: undefined })
		this.logged = undefined
		this.#pending = []
		this.#live = undefined
		this.#started = performance.now()
		clearInterval(this.#drawing)
		this.#drawing = setInterval(() => this.#draw(), drawMs)
	}

	#sinceStart = () => performance.now() - this.#started

	async #read(response: Response): Promise<void> {
		if (!isStream(response)) {
			const text = await response.text()
			this.answer = readWholeAnswer(text)
			return
		}
		const live = createLiveAnswer()
		this.#live = live
		const parser = createSseParser(
			(data, event) => {
				this.#keep(data, event)
				if (live.take(data)) this.firstMs ??= this.#sinceStart()
			},
			() => {},
		)
		for await (const chunk of readChunks(response)) parser.feed(chunk)
		parser.end()
	}

	#keep(data: string, event: string | undefined): void {
		if (this.events.length + this.#pending.length >= mostEvents) {
			this.eventsLeft++
			return
		}
		this.#pending.push({ at: this.#sinceStart(), text: `${event ? `event: ${event}\n` : ''}data: ${data}` })
	}

	#draw(): void {
		this.elapsedMs = this.#sinceStart()
		if (this.#live) this.answer = this.#live.read()
		if (this.#pending.length === 0) return
		this.events = [...this.events, ...this.#pending]
		this.#pending = []
	}

	#end(state: RunState): void {
		clearInterval(this.#drawing)
		this.#draw()
		this.state = state === 'done' && this.answer.error !== undefined ? 'failed' : state
		void this.#findLogged()
	}

	async #findLogged(): Promise<void> {
		const id = this.requestId
		if (id === undefined) return
		const found = await findLogged(this.#session.api, id, () => this.requestId === id)
		if (this.requestId === id) this.logged = found
	}
}
