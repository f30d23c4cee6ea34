import { describe, expect, test } from 'vitest'
import type { Clock, ResponseSink } from '../ports.ts'
import { ClientAnswer } from './client-answer.ts'

/** A clock that a test turns by hand, and a sink that remembers. */
function setUp(accepts = true) {
	let due: (() => void) | undefined
	const clock: Clock = {
		now: () => 0,
		elapsed: () => 0,
		after(_ms, run) {
			due = run
			return () => {
				due = undefined
			}
		},
	}
	const sent: string[] = []
	let drain = () => {}
	const sink: ResponseSink = {
		head: status => void sent.push(`head ${status}`),
		write(chunk) {
			sent.push(String(chunk))
			return accepts
		},
		end: chunk => void sent.push(`end ${chunk ?? ''}`.trim()),
		abort: () => void sent.push('abort'),
		onDrain: run => {
			drain = run
		},
	}
	const client = new ClientAnswer(sink, clock)
	return { client, sent, tick: () => due?.(), isArmed: () => due !== undefined, drain: () => drain() }
}

const ping = 'event: ping\ndata: {"type":"ping"}\n\n'

describe('trap 21: keeping a silent stream alive', () => {
	test('silence is answered with the opening and a ping, then with pings', () => {
		const { client, sent, tick } = setUp()
		client.keepAlive(() => {
			client.commit(200, {})
			if (sent.length === 1) client.write('opening')
		})
		tick()
		expect(sent).toEqual(['head 200', 'opening', ping])
		tick()
		expect(sent.slice(3)).toEqual([ping])
	})

	test('a stream that talks gets no ping', () => {
		const { client, sent, tick } = setUp()
		client.keepAlive(() => client.commit(200, {}))
		client.commit(200, {})
		client.write('text')
		tick()
		expect(sent).toEqual(['head 200', 'text'])
		tick()
		expect(sent.at(-1)).toBe(ping)
	})

	test('the end frees the timer', () => {
		for (const finish of ['end', 'abandon', 'abort'] as const) {
			const { client, isArmed } = setUp()
			client.keepAlive(() => {})
			client[finish]()
			expect(isArmed()).toBe(false)
		}
	})

	test('an error is the last event once a ping has gone out', () => {
		const { client, sent, tick } = setUp()
		client.keepAlive(() => client.commit(200, {}))
		tick()
		client.sendError({ status: 500, headers: {}, body: { type: 'error' } }, 'req_1')
		expect(sent.at(-1)).toBe('end event: error\ndata: {"type":"error"}')
	})
})

test('an upstream is held back while the client reads slowly, and let go when it has caught up', () => {
	const { client, drain } = setUp(false)
	const calls: string[] = []
	client.exchange = {
		abort: () => calls.push('abort'),
		pause: () => calls.push('pause'),
		resume: () => calls.push('resume'),
	}
	client.write('a')
	client.write('b')
	expect(calls).toEqual(['pause'])
	drain()
	expect(calls).toEqual(['pause', 'resume'])
	client.write('c')
	expect(calls).toEqual(['pause', 'resume', 'pause'])
})
