/**
 * One of several processes that share a rate limit: `node passer.ts <json>`. Asks as fast as it is told, and prints
 * when it was let pass, by the clock that all of them and the database share.
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
	/** In how many ms to try again. */
	refused: number[]
	/** How often the database was asked. */
	trips: number
}

const order = JSON.parse(process.argv[2] ?? '{}') as PasserOrder
const database = await openDatabase({ url: order.url })
const result: PasserResult = { passed: [], refused: [], trips: 0 }
/**
 * Stands still from one answer of the database, or pause, to the next, so that what is written down is the moment by
 * which the lease decided. Between the two a process may wait for the computer, or for a lock of the file.
 */
let readAt: number | undefined
const elapsed = () => {
	readAt ??= Date.now()
	return readAt
}
const lease = new RateLease({
	...{ clock: { ...clock, elapsed }, limit: order.limit, windowMs: order.windowMs },
	async take(request) {
		result.trips++
		const grant = await takeFromWindow(database, { subject: 'one', ...request })
		readAt = undefined
		return grant
	},
})

async function request(): Promise<void> {
	const verdict = await lease.ask()
	if (verdict.passed) result.passed.push(elapsed())
	else result.refused.push(verdict.retryInMs)
}

const until = Date.now() + order.forMs
while (Date.now() < until) {
	await Promise.all(Array.from({ length: order.burst }, request))
	await pause(order.pauseMs)
	readAt = undefined
}
console.log(JSON.stringify(result))
database.close()
