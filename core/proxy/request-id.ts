import type { Random } from '../ports.ts'

/**
 * A new request's id. It begins with the time: ids that come together stand together in an index, and the log costs
 * one page of it per batch instead of one per row.
 */
export function createRequestId(random: Random, now: number): string {
	const time = Math.round(now).toString(16).padStart(12, '0')
	return `req_${time}${random.id('req').slice(-20)}`
}
