/**
 * One of several processes that share a rate limit: `node passer.ts <json>`. Asks as fast as it is told, and prints
 * when it was let pass or refused, by the wall clock that all of them share.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { openDatabase, takeFromWindow } from '../../../../db/index.ts'
import { clock } from '../../runtime.ts'
import { RateLease } from '../lease.ts'

export interface PasserOrder {
	url: string
	limit: number
	windowMs: number
	forMs: number
	/** Requests at once, and the pause between two such groups, ms. */
	burst: number
	pauseMs: number
}

export interface PasserResult {
	passed: number[]
	refused: { at: number; retryInMs: number }[]
	/** How often the database was asked. */
	trips: number
}

const order = JSON.parse(process.argv[2] ?? '{}') as PasserOrder
const database = await openDatabase({ url: order.url })
const result: PasserResult = { passed: [], refused: [], trips: 0 }
const lease = new RateLease({
	...{ clock, limit: order.limit, windowMs: order.windowMs },
	take(request) {
		result.trips++
		return takeFromWindow(database, { subject: 'one', ...request })
	},
})

async function request(): Promise<void> {
	const verdict = await lease.ask()
	const at = performance.timeOrigin + performance.now()
	if (verdict.passed) result.passed.push(at)
	else result.refused.push({ at, retryInMs: verdict.retryInMs })
}

const until = Date.now() + order.forMs
while (Date.now() < until) {
	await Promise.all(Array.from({ length: order.burst }, request))
	await pause(order.pauseMs)
}
console.log(JSON.stringify(result))
database.close()
