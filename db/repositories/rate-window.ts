import type { Database } from '../client.ts'
import { NOW } from '../sql.ts'

/** How finely a window is kept: a count per thousandth of it. */
const SLOTS_PER_WINDOW = 1000

export interface RateRequest {
	subject: string
	limit: number
	windowMs: number
	/** How many requests wait for permission, and how many more may come before the lease is over. */
	needed: number
	extra: number
	/** How long what is granted may be used, ms. */
	leaseMs: number
	/** What of an earlier lease was not used. */
	returned?: { slot: number; count: number }
}

export interface RateGrant {
	granted: number
	/** The slot that it was booked in, for giving it back. */
	slot: number
	/** Granted to all instances in the window that ends now, this grant included. */
	used: number
	/** Ms until the window has room again (of what is used, the oldest leaves it), and until all of it has. */
	roomInMs: number
	emptyInMs: number
}

/**
 * Asks for the right to pass requests, for all instances together: one batch, the database's clock. What is granted
 * counts from the end of its lease for a whole window, rounded up to a slot, so that in no window whatever more than
 * the limit can have passed, however late within its lease each was used.
 */
export async function takeFromWindow(database: Database, request: RateRequest): Promise<RateGrant> {
	const { subject, limit, windowMs, needed, extra, leaseMs, returned } = request
	const slotMs = Math.max(1, Math.ceil(windowMs / SLOTS_PER_WINDOW))
	const slotOf = `((${NOW} + ${leaseMs}) / ${slotMs} * ${slotMs})`
	const used = '(SELECT coalesce(sum(count), 0) FROM rate_windows WHERE bucket = ?1)'
	const args = [subject, limit, needed, extra]
	const [, , [before] = [], inserted = []] = await database.batch([
		{
			sql: 'UPDATE rate_windows SET count = max(0, count - ?3) WHERE bucket = ?1 AND window = ?2',
			args: [subject, returned?.slot ?? 0, returned?.count ?? 0],
		},
		// What other subjects left behind goes too, once it is old enough for any window that is in use.
		{
			sql: `DELETE FROM rate_windows WHERE (bucket = ?1 AND (window <= ${NOW} - ?2 - ${slotMs} OR count = 0))
				OR window < ${NOW} - 2 * 86400000 - ?2`,
			args: [subject, windowMs],
		},
		{
			sql: `SELECT ${used} AS used, ${NOW} AS now,
				(SELECT min(window) FROM rate_windows WHERE bucket = ?1) AS oldest,
				(SELECT max(window) FROM rate_windows WHERE bucket = ?1) AS newest`,
			args: [subject],
		},
		{
			sql: `INSERT INTO rate_windows (bucket, window, count)
				SELECT ?1, ${slotOf}, min(?3 + min(?4, max(0, ?2 - ${used} - ?3) / 8), ?2 - ${used}) WHERE ${used} < ?2
				ON CONFLICT (bucket, window) DO UPDATE SET count = count + excluded.count RETURNING window`,
			args,
		},
	])
	const [usedBefore, now] = [Number(before?.used), Number(before?.now)]
	const room = Math.max(0, limit - usedBefore)
	const granted = Math.min(needed + Math.min(extra, Math.floor(Math.max(0, room - needed) / 8)), room)
	const slot = Number(inserted[0]?.window ?? 0)
	const leavesIn = (window: number) => Math.max(0, window + slotMs + windowMs - now)
	return {
		...{ granted, slot, used: usedBefore + granted },
		roomInMs: leavesIn(Number(before?.oldest ?? slot)),
		emptyInMs: leavesIn(Math.max(Number(before?.newest ?? 0), slot)),
	}
}
