import { expect, test } from 'vitest'
import type { RequestRecord } from '../../../core/ports.ts'
import type { AppServices } from '../services.ts'
import { createTurnedAwayLog, rowsPerMinute, strangersPerMinute } from './turned-away.ts'

function start() {
	const recorded: RequestRecord[] = []
	let now = 0
	const clock = { now: () => now, elapsed: () => now, after: () => () => {} }
	const proxy = { clock, now: () => now, record: (one: RequestRecord) => void recorded.push(one) }
	const turnedAway = createTurnedAwayLog({ proxy } as unknown as Pick<AppServices, 'proxy'>)
	const request = {
		...{ method: 'POST', path: '/v1/messages', query: '', headers: {}, queueMs: 7 },
		...{ signal: new AbortController().signal, readBody: async () => ({ body: new Uint8Array() }) },
	}
	let id = 0
	return {
		recorded,
		turnAway: (status: number) => turnedAway(request, `req_${id++}`, { status, message: 'no' }),
		leave: () => turnedAway(request, `req_${id++}`, undefined),
		pass(ms: number) {
			now += ms
		},
	}
}

test('one that asks again and again does not push the others out of the log', () => {
	const { recorded, turnAway, pass } = start()
	for (let count = 0; count < rowsPerMinute + 50; count++) turnAway(429)
	expect(recorded).toHaveLength(rowsPerMinute)
	pass(60_000)
	turnAway(529)
	expect(recorded.at(-1)).toMatchObject({ status: 529, outcome: 'refused', queueMs: 7 })
	expect(recorded).toHaveLength(rowsPerMinute + 1)
})

test('what anybody can cause takes few rows, and the place of none', () => {
	const { recorded, turnAway, leave, pass } = start()
	for (let count = 0; count < rowsPerMinute + 50; count++) turnAway(401)
	turnAway(405)
	expect(recorded.map(({ status }) => status)).toEqual(Array(strangersPerMinute).fill(401))
	for (let count = 0; count < rowsPerMinute; count++) leave()
	expect(recorded).toHaveLength(strangersPerMinute + rowsPerMinute)
	expect(recorded.at(-1)).toMatchObject({ status: 499, outcome: 'cancelled' })
	pass(60_000)
	turnAway(401)
	expect(recorded.at(-1)).toMatchObject({ status: 401, outcome: 'refused' })
})
