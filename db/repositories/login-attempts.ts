import type { Database } from '../client.ts'
import { NOW, type Statement } from '../sql.ts'
import { type AttemptRule, addressRule, FIRST_WAIT_MS, FORGET_MS, globalRule } from './login-rule.ts'

/** The subject that counts for all addresses together. */
export const everyone = '*'

/** Subjects that are remembered; the oldest go. */
const maxSubjects = 10_000

export interface Attempt {
	/** How long until the next one is judged; when this one was not `allowed`, it must not be judged either. */
	waitMs: number
	allowed: boolean
}

const failures = `(CASE WHEN ${NOW} - login_attempts.at < ${FORGET_MS} THEN login_attempts.failures + 1 ELSE 1 END)`

const column = (pick: (rule: AttemptRule) => number) =>
	`(CASE login_attempts.subject WHEN '${everyone}' THEN ${pick(globalRule)} ELSE ${pick(addressRule)} END)`
const free = column(rule => rule.free)
const longest = column(rule => rule.maxWaitMs)

/** Nothing is counted while a wait runs: who is refused anyway shall not make it longer for others. */
const COUNT = `INSERT INTO login_attempts (subject, failures, blocked_until, at)
	SELECT value, 1, 0, ${NOW} FROM json_each(?1)
	WHERE NOT EXISTS (SELECT 1 FROM login_attempts WHERE subject IN (SELECT value FROM json_each(?1)) AND blocked_until > ${NOW})
	ON CONFLICT (subject) DO UPDATE SET failures = ${failures}, at = ${NOW},
		blocked_until = CASE WHEN ${failures} < ${free} THEN 0
			ELSE ${NOW} + min(${longest}, ${FIRST_WAIT_MS} << min(${failures} - ${free}, 20)) END
	RETURNING max(0, blocked_until - ${NOW}) AS wait`

const WAIT = `SELECT coalesce(max(blocked_until - ${NOW}), 0) AS wait FROM login_attempts
	WHERE subject IN (?1, '${everyone}')`

/**
 * Counts an attempt from an address before its key is looked at, in one batch: of a hundred guesses sent at the same
 * moment no more are judged than of a hundred sent one after the other.
 */
export async function beginAttempt(database: Database, address: string): Promise<Attempt> {
	const batch: Statement[] = [
		{ sql: COUNT, args: [JSON.stringify([address, everyone])] },
		{ sql: WAIT, args: [address] },
		{
			sql: `DELETE FROM login_attempts WHERE ${NOW} - at >= ${FORGET_MS} OR subject NOT IN
				(SELECT subject FROM login_attempts ORDER BY at DESC LIMIT ?)`,
			args: [maxSubjects],
		},
	]
	const [counted = [], [row] = []] = await database.batch(batch)
	return { allowed: counted.length > 0, waitMs: Math.max(0, Number(row?.wait)) }
}

/** The key was right: the address starts anew, and what was counted for all is taken back. */
export async function forgiveAttempt(database: Database, address: string): Promise<void> {
	await database.batch([
		{ sql: 'DELETE FROM login_attempts WHERE subject = ?', args: [address] },
		{
			sql: `UPDATE login_attempts SET failures = max(0, failures - 1), blocked_until = 0 WHERE subject = '${everyone}'`,
		},
	])
}

/** The wrong keys of one address. Times in epoch ms of the database. */
interface LoginFailures {
	/** An IPv4 address, a /64 network of IPv6, or `unknown`. */
	address: string
	failures: number
	/** Of the latest. */
	at: number
	/** Until when no key from there is looked at; null when it need not wait. */
	blockedUntil: number | null
}

interface LoginFailureList {
	now: number
	/** The latest first. */
	addresses: LoginFailures[]
	/** All addresses together. */
	everyone: Omit<LoginFailures, 'address'> | null
}

const MAX_LISTED = 100

/** Who has shown wrong keys within the hour that they are counted for. */
export async function listLoginFailures(database: Database): Promise<LoginFailureList> {
	const rows = await database.execute(
		`SELECT subject, failures, at, blocked_until, ${NOW} AS now FROM login_attempts
			WHERE failures > 0 AND ${NOW} - at < ${FORGET_MS}
			ORDER BY subject = '${everyone}' DESC, at DESC, subject LIMIT ${MAX_LISTED + 1}`,
	)
	const now = Number(rows[0]?.now ?? 0)
	const failures = rows.map(row => ({
		address: String(row.subject),
		failures: Number(row.failures),
		at: Number(row.at),
		blockedUntil: Number(row.blocked_until) > now ? Number(row.blocked_until) : null,
	}))
	const all = failures.find(({ address }) => address === everyone)
	return {
		now,
		addresses: failures.filter(({ address }) => address !== everyone).slice(0, MAX_LISTED),
		everyone: all ? { failures: all.failures, at: all.at, blockedUntil: all.blockedUntil } : null,
	}
}
