import { randomBytes } from 'node:crypto'
import {
	showWebhookUrl,
	type WebhookEvent,
	type WebhookInput,
	type WebhookPatch,
	webhookEvents,
	webhookInputSchema,
} from '../../core/config/webhook.ts'
import type { Database } from '../client.ts'
import { DatabaseError } from '../errors.ts'
import { newId } from '../ids.ts'
import type { webhooks } from '../schema/webhooks.ts'
import type { KeyRing } from '../secrets/key-ring.ts'
import { NOW } from '../sql.ts'

type WebhookRow = typeof webhooks.$inferSelect

/** A webhook as it may be shown: neither its whole address nor its secret. */
export interface WebhookView {
	id: string
	name: string
	/** Scheme and host. */
	url: string
	events: WebhookEvent[]
	enabled: boolean
	/** False: the ENCRYPTION_KEY at hand does not open it. */
	readable: boolean
	createdAt: number
	/** Of the latest delivery: when (0: none yet), the answer's status (0: none), what went wrong. */
	lastAt: number
	lastStatus: number
	lastError: string
}

/** Where to send, and what to sign with. */
export interface WebhookTarget {
	id: string
	name: string
	url: string
	secret: string
	events: readonly WebhookEvent[]
	enabled: boolean
}

export interface WebhookStore {
	list(): Promise<WebhookView[]>
	/** Those that can be opened. */
	targets(): Promise<WebhookTarget[]>
	/** Answers with the secret, which is not told again. */
	add(input: WebhookInput): Promise<{ id: string; secret: string }>
	change(id: string, patch: WebhookPatch): Promise<void>
	remove(id: string): Promise<void>
	noteDelivery(id: string, result: { status: number; error: string }): Promise<void>
	/** Whether this instance is the one that tells of the incident. Another begins once it was released, or after `ttlMs`. */
	claim(event: WebhookEvent, subject: string, ttlMs: number): Promise<boolean>
	/** The incident is over; `subject` also ends those of its parts (`subject …`). */
	release(event: WebhookEvent, subject: string): Promise<void>
}

const maxWebhooks = 20
const INCIDENTS_KEPT_MS = 7 * 86_400_000

export function createWebhooks(database: Database, keyRing: KeyRing): WebhookStore {
	const seal = (id: string, content: { url: string; secret: string }) =>
		keyRing.seal(JSON.stringify(content), id)
	const readRows = async () =>
		(await database.execute('SELECT * FROM webhooks ORDER BY created_at, id')) as unknown as WebhookRow[]
	const open = (row: WebhookRow): { url: string; secret: string } | undefined => {
		const text = keyRing.open(row.sealed, row.id)
		return text === undefined ? undefined : (JSON.parse(text) as { url: string; secret: string })
	}
	const find = async (id: string) => {
		const row = (await readRows()).find(each => each.id === id)
		if (!row) throw new DatabaseError('not-found', 'There is no such webhook.')
		return row
	}

	return {
		list: async () => (await readRows()).map(row => toView(row, open(row) !== undefined)),
		async targets() {
			return (await readRows()).flatMap(row => {
				const content = open(row)
				return content ? [{ ...pickTarget(row), ...content }] : []
			})
		},
		async add(input) {
			const { name, url, events, enabled, secret = makeSecret() } = webhookInputSchema.parse(input)
			const id = newId('wh')
			const rows = await database.execute(
				`INSERT INTO webhooks (id, name, sealed, shown, events, enabled, created_at)
					SELECT ?1, ?2, ?3, ?4, ?5, ?6, ${NOW} WHERE (SELECT count(*) FROM webhooks) < ${maxWebhooks} RETURNING id`,
				[id, name, seal(id, { url, secret }), showWebhookUrl(url), JSON.stringify(events), Number(enabled)],
			)
			if (rows.length === 0)
				throw new DatabaseError('invalid', `There are ${maxWebhooks} webhooks already: remove one first.`)
			return { id, secret }
		},
		async change(id, patch) {
			const row = await find(id)
			const before = open(row)
			if (!before && !(patch.url && patch.secret)) {
				throw new DatabaseError('invalid', 'This webhook cannot be opened: give its url and secret anew.')
			}
			const content = { url: patch.url ?? before?.url ?? '', secret: patch.secret ?? before?.secret ?? '' }
			await database.execute(
				'UPDATE webhooks SET name = ?2, sealed = ?3, shown = ?4, events = ?5, enabled = ?6 WHERE id = ?1',
				[
					...[id, patch.name ?? row.name, seal(id, content), showWebhookUrl(content.url)],
					patch.events ? JSON.stringify(patch.events) : row.events,
					Number(patch.enabled ?? row.enabled),
				],
			)
		},
		async remove(id) {
			const rows = await database.execute('DELETE FROM webhooks WHERE id = ? RETURNING id', [id])
			if (rows.length === 0) throw new DatabaseError('not-found', 'There is no such webhook.')
		},
		async noteDelivery(id, { status, error }) {
			const sql = `UPDATE webhooks SET last_at = ${NOW}, last_status = ?2, last_error = ?3 WHERE id = ?1`
			await database.execute(sql, [id, status, error.slice(0, 200)])
		},
		claim: (event, subject, ttlMs) => claimIncident(database, event, subject, ttlMs),
		async release(event, subject) {
			const sql =
				"DELETE FROM webhook_incidents WHERE event = ?1 AND (subject = ?2 OR substr(subject, 1, length(?2) + 1) = ?2 || ' ')"
			await database.execute(sql, [event, subject])
		},
	}
}

async function claimIncident(database: Database, event: WebhookEvent, subject: string, ttlMs: number) {
	const [, rows = []] = await database.batch([
		{ sql: `DELETE FROM webhook_incidents WHERE until < ${NOW} - ${INCIDENTS_KEPT_MS}` },
		{
			sql: `INSERT INTO webhook_incidents (event, subject, at, until) VALUES (?1, ?2, ${NOW}, ${NOW} + ?3)
				ON CONFLICT (event, subject) DO UPDATE SET at = excluded.at, until = excluded.until
				WHERE webhook_incidents.until <= ${NOW} RETURNING at`,
			args: [event, subject, Math.round(ttlMs)],
		},
	])
	return rows.length > 0
}

const makeSecret = () => `whsec_${randomBytes(24).toString('base64')}`

function pickTarget({ id, name, events, enabled }: WebhookRow) {
	return { id, name, events: readEvents(events), enabled: enabled !== 0 }
}

function toView(row: WebhookRow, readable: boolean): WebhookView {
	return {
		...pickTarget(row),
		...{ url: row.shown, readable, createdAt: row.created_at },
		...{ lastAt: row.last_at, lastStatus: row.last_status, lastError: row.last_error },
	}
}

/** Events that another version knows are left out. */
function readEvents(json: string): WebhookEvent[] {
	const names = JSON.parse(json) as string[]
	return webhookEvents.filter(event => names.includes(event))
}
