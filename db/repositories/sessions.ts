import { createHmac, randomBytes } from 'node:crypto'
import type { Database } from '../client.ts'
import { newId } from '../ids.ts'
import { NOW, type Row } from '../sql.ts'

/** Somebody who signed in to the admin. Times in epoch ms by the database's clock. */
export interface AdminSession {
	id: string
	createdAt: number
	expiresAt: number
	/** Accurate to a minute. */
	lastSeenAt: number
	userAgent: string
}

export interface Sessions {
	/** `token` is told this once: only a keyed hash of it is stored. */
	create(options: {
		lifetimeMs: number
		userAgent: string
	}): Promise<{ token: string; session: AdminSession }>
	/** The session of a token, unless it expired, was revoked, or belongs to another admin key. */
	find(token: string): Promise<AdminSession | undefined>
	/** Newest first. */
	list(): Promise<AdminSession[]>
	/** Whether there was one. */
	revoke(id: string): Promise<boolean>
	/** Returns how many there were. */
	revokeOthers(id: string): Promise<number>
}

const maxSessions = 100
const maxUserAgent = 300
const seenEveryMs = 60_000
const columns = 'id, created_at, expires_at, last_seen_at, user_agent'

/**
 * Sessions of the admin, the same for all instances. Their hashes are keyed with the admin key, and that again with
 * ENCRYPTION_KEY: when either changes every session is over, and who has the database alone can check no guess of
 * the admin key against it.
 */
export function createSessions(
	database: Database,
	{ adminKey, encryptionKey }: { adminKey: string; encryptionKey: string },
): Sessions {
	const key = createHmac('sha256', encryptionKey).update(`admin sessions\0${adminKey}`).digest()
	const hash = (text: string) => createHmac('sha256', key).update(text).digest('base64url')
	const print = hash('which key').slice(0, 16)

	return {
		async create({ lifetimeMs, userAgent }) {
			const token = randomBytes(32).toString('base64url')
			const [, [row] = []] = await database.batch([
				{ sql: `DELETE FROM admin_sessions WHERE expires_at <= ${NOW}` },
				{
					sql: `INSERT INTO admin_sessions (token_hash, id, key_print, created_at, expires_at, last_seen_at, user_agent)
						VALUES (?, ?, ?, ${NOW}, ${NOW} + ?, ${NOW}, ?) RETURNING ${columns}`,
					args: [hash(token), newId('session'), print, lifetimeMs, userAgent.slice(0, maxUserAgent)],
				},
				{
					sql: `DELETE FROM admin_sessions WHERE token_hash NOT IN
						(SELECT token_hash FROM admin_sessions ORDER BY created_at DESC, rowid DESC LIMIT ?)`,
					args: [maxSessions],
				},
			])
			return { token, session: toSession(row!) }
		},
		async find(token) {
			const [row] = await database.execute(
				`SELECT ${columns}, ${NOW} - last_seen_at AS unseen FROM admin_sessions
					WHERE token_hash = ? AND expires_at > ${NOW}`,
				[hash(token)],
			)
			if (row === undefined) return undefined
			if (Number(row.unseen) > seenEveryMs) await touch(database, String(row.id))
			return toSession(row)
		},
		async list() {
			const rows = await database.execute(
				`SELECT ${columns} FROM admin_sessions WHERE key_print = ? AND expires_at > ${NOW}
					ORDER BY created_at DESC, rowid DESC`,
				[print],
			)
			return rows.map(toSession)
		},
		async revoke(id) {
			const rows = await database.execute(
				'DELETE FROM admin_sessions WHERE id = ? AND key_print = ? RETURNING id',
				[id, print],
			)
			return rows.length > 0
		},
		async revokeOthers(id) {
			const rows = await database.execute('DELETE FROM admin_sessions WHERE id <> ? RETURNING id', [id])
			return rows.length
		},
	}
}

/** A session is no worse for a database that cannot be written now. */
async function touch(database: Database, id: string): Promise<void> {
	const sql = `UPDATE admin_sessions SET last_seen_at = ${NOW} WHERE id = ? AND ${NOW} - last_seen_at > ?`
	await database.execute(sql, [id, seenEveryMs]).catch(() => {})
}

function toSession(row: Row): AdminSession {
	return {
		id: String(row.id),
		createdAt: Number(row.created_at),
		expiresAt: Number(row.expires_at),
		lastSeenAt: Number(row.last_seen_at),
		userAgent: String(row.user_agent),
	}
}
