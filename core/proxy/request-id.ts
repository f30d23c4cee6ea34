import type { Random } from '../ports.ts'

/**
 * A new request's id. It begins with the time: ids that come together stand together in an index, and the log costs
 * one page of it per batch instead of one per row.
 */
export function createRequestId(random: Random, now: number): string {
	return `req_${writeTime(Math.round(now))}${random.id('req').slice(-20)}`
}

let lastTime = Number.NaN
let lastText = ''

/** Requests that come within a millisecond share it: numbers this large are slow to write. */
function writeTime(time: number): string {
	if (time !== lastTime) {
		lastTime = time
		lastText = time.toString(16).padStart(12, '0')
	}
	return lastText
}
