import { describe, expect, test } from 'vitest'
import type { AnswerHandler, Exchange, LeaveSignal, Transport } from '../ports.ts'
import { findAdapter } from '../upstreams/registry.ts'
import type { AnswerReader, CreateAnswerReader } from './answer-reader.ts'
import { runAttempt } from './attempt.ts'
import { ClientAnswer } from './client-answer.ts'

/** An upstream whose answer the test speaks, and a reader that fails when told to. */
function attempt(createReader: CreateAnswerReader, signal: LeaveSignal = new AbortController().signal) {
	let handler: AnswerHandler | undefined
	const calls: string[] = []
	const exchange: Exchange = {
		abort: () => calls.push('abort'),
		pause: () => calls.push('pause'),
		resume: () => calls.push('resume'),
	}
	const transport: Transport = (_request, _route, given) => {
		handler = given
		return exchange
	}
	const sent: string[] = []
	const sink = {
		head: (status: number) => void sent.push(`head ${status}`),
		write: (chunk: string | Uint8Array) => sent.push(String(chunk)) > 0,
		end: (chunk?: string | Uint8Array) => void sent.push(`end ${chunk ?? ''}`),
		abort: () => void sent.push('abort'),
		onDrain() {},
	}
	const clock = { now: () => 0, elapsed: () => 0, after: () => () => {} }
	const client = new ClientAnswer(sink, clock)
	const faults: unknown[] = []
	const result = runAttempt({
		...{ transport, client, createReader, signal },
		adapter: findAdapter('openai')!,
		outgoing: { method: 'POST', url: 'http://upstream', headers: {} },
		route: { insecureSkipVerify: false, proxyUrl: '', silenceMs: 1 },
		onAccepted() {},
		onFault: error => void faults.push(error),
	})
	return { result, handler: handler!, client, calls, sent, faults }
}

const reader = (changes: Partial<AnswerReader>): AnswerReader => ({
	head() {},
	data() {},
	ended() {},
	fault() {},
	reading: () => ({ usage: undefined, stopReason: undefined }),
	...changes,
})

describe('a fault of our own while an answer is read', () => {
	const boom = () => {
		throw new TypeError('boom')
	}

	test('before any content it fails the attempt, so that another key can answer', async () => {
		const { result, handler, calls, sent, faults } = attempt(() => reader({ data: boom }))
		handler.head(200, {})
		handler.data(new Uint8Array([1]))
		expect(await result).toMatchObject({
			kind: 'failed',
			committed: false,
			failure: { class: 'server', status: 502 },
		})
		expect(calls).toEqual(['abort'])
		expect(sent).toEqual([])
		expect(faults).toEqual([new TypeError('boom')])
	})

	test('within a stream it is an error event', async () => {
		let client: ClientAnswer | undefined
		const begun = attempt(events =>
			reader({
				data() {
					client?.commit(200, { 'content-type': 'text/event-stream; charset=utf-8' })
					events.accepted()
					boom()
				},
			}),
		)
		client = begun.client
		begun.handler.head(200, {})
		begun.handler.data(new Uint8Array([1]))
		expect(await begun.result).toMatchObject({ kind: 'failed', committed: true })
		expect(begun.sent[0]).toBe('head 200')
		expect(begun.sent[1]).toMatch(/^end \n\nevent: error\ndata: \{"type":"error"/)
	})

	test('an error body that cannot be read is no crash either', async () => {
		const { result, handler, faults } = attempt(() => reader({ ended: boom }))
		handler.head(200, {})
		handler.ended()
		handler.ended()
		expect(await result).toMatchObject({ kind: 'failed' })
		expect(faults).toHaveLength(1)
	})
})

test('an upstream that is held back when its answer is delivered may send what is left of it', async () => {
	let held: Exchange | undefined
	const begun = attempt(events =>
		reader({
			data() {
				held?.pause()
				events.settled({ kind: 'delivered', reading: { usage: undefined, stopReason: undefined } })
			},
		}),
	)
	held = begun.client.exchange
	begun.handler.head(200, {})
	begun.handler.data(new Uint8Array([1]))
	expect(await begun.result).toMatchObject({ kind: 'delivered' })
	expect(begun.calls).toEqual(['pause', 'resume'])
})

describe('a client that leaves', () => {
	test.each([
		['before the answer is whole has cancelled it', false, 'cancelled'],
		['when it has all of it has not', true, 'delivered'],
	] as const)('%s; the upstream is let go', async (_case, whole, kind) => {
		const leaving = new AbortController()
		const { result, calls } = attempt(() => reader({ isWhole: () => whole }), leaving.signal)
		leaving.abort()
		expect(await result).toMatchObject({ kind })
		expect(calls).toContain('abort')
	})
})
