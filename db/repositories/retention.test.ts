import { stat } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { defaultRecording } from '../../core/config/recording.ts'
import {
	beginAttempt,
	createConfigRepository,
	createPayloadLog,
	createRequestLog,
	createSessions,
	createWebhooks,
	type Database,
	takeFromWindow,
} from '../index.ts'
import { byCli, keyFailure, keyRing, requestRecord, upstreamInput } from '../test-support/samples.ts'
import { createFileTarget } from '../test-support/targets.ts'
import { failureStatements } from './key-health.ts'
import { rememberStatements } from './learned-facts.ts'
import { insertPayloads } from './payloads.ts'
import { storeRates } from './token-rates.ts'

const DAY = 86_400_000
const times = (count: number) => Array.from({ length: count }, (_, place) => place)
/** So many rows that are long over, put in by one statement. */
const numbers = (count: number) =>
	`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})`

/** What a table may hold at most once it has been filled with far more, and one more row has come as rows do. */
interface Growing {
	most: number
	fill(database: Database): Promise<unknown>
}

/** Rows of these are made and removed by people, or there is a fixed number of them. */
const configured = [
	...['meta', 'settings', 'upstreams', 'upstream_keys', 'access_keys', 'counters', 'schema_migrations'],
]
/** Emptied by a migration, and written by no version since. */
const former = ['requests', 'usage_hourly']

async function log(database: Database, place: number): Promise<void> {
	const payloads = createPayloadLog({
		...{ database, keyRing, secrets: () => ({ own: [], upstreams: [] }) },
		keepDays: () => defaultRecording.days,
	})
	const requests = createRequestLog({ database, alongside: () => payloads.pruneStatements() })
	requests.record(requestRecord(`req_new_${place}`))
	await requests.flush()
}

async function addUpstream(database: Database) {
	const repository = createConfigRepository(database, keyRing)
	const { id, added } = await repository.addUpstream(upstreamInput(), byCli, ['sk-00000000000000001'])
	return { repository, id, keyId: added[0]!.id }
}

const growing: Record<string, Growing> = {
	request_log: {
		most: 1,
		async fill(database) {
			await database.execute(
				`${numbers(3000)} INSERT INTO request_log (id, at, model, upstream_model, outcome, status, stream, total_ms, attempts, notes, details)
					SELECT 'req_' || i, i, '', '', 'ok', 200, 0, 1, 1, 0, '{}' FROM n`,
			)
			await log(database, 1)
		},
	},
	// The request that is logged at last has a row in each of the four lengths of time.
	usage: {
		most: 4,
		async fill(database) {
			const columns = 'upstream_id, key_id, model, upstream_model, access_key_id, upstream_name, key_mask'
			const sums =
				'requests, failed, cancelled, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens'
			await database.execute(
				`${numbers(3000)} INSERT INTO usage (grain, start, ${columns}, ${sums}, errors, first_content, total)
					SELECT column1, i * 60000, '', '', '', '', '', '', '', 1, 0, 0, 0, 0, 0, 0, 0, '', '', ''
					FROM n, (VALUES (1), (15), (60), (1440))`,
			)
			await log(database, 1)
		},
	},
	payloads: {
		most: 0,
		async fill(database) {
			await database.batch([
				insertPayloads(times(900).map(place => ({ requestId: `req_${place}`, sealed: 'x' }))),
			])
			await database.execute('UPDATE payloads SET at = at - ?', [8 * DAY])
			for (const place of times(2)) await log(database, place)
		},
	},
	flushes: {
		most: 1,
		async fill(database) {
			await database.execute(`${numbers(3000)} INSERT INTO flushes (id, at) SELECT 'flush_' || i, i FROM n`)
			await log(database, 1)
		},
	},
	key_events: {
		most: 52,
		async fill(database) {
			const { keyId } = await addUpstream(database)
			await database.execute(
				`${numbers(500)} INSERT INTO key_events (key_id, at, kind) SELECT ?, i, 'cleared' FROM n`,
				[keyId],
			)
			await database.batch(failureStatements(keyFailure(keyId), 0))
		},
	},
	key_states: {
		most: 101,
		async fill(database) {
			const { keyId } = await addUpstream(database)
			await database.batch(failureStatements(keyFailure(keyId), 0))
			await database.execute(
				`${numbers(500)} INSERT INTO key_states (key_id, scope, last_fail_at) SELECT ?, 'model ' || i, i FROM n`,
				[keyId],
			)
			const failure = keyFailure(keyId, { scope: 'the newest', failureClass: 'rate_limit', status: 429 })
			await database.batch(failureStatements(failure, 0))
			const kept = await database.execute("SELECT scope FROM key_states WHERE scope IN ('', 'the newest')")
			expect(kept).toHaveLength(2)
		},
	},
	rate_windows: {
		most: 1,
		async fill(database) {
			await database.execute(
				`${numbers(3000)} INSERT INTO rate_windows (bucket, window, count) SELECT 'key ' || i, i, 1 FROM n`,
			)
			const request = { subject: 's', limit: 5, windowMs: 60_000, needed: 1, extra: 0, leaseMs: 100 }
			await takeFromWindow(database, request)
		},
	},
	login_attempts: {
		most: 2,
		async fill(database) {
			await database.execute(
				`${numbers(3000)} INSERT INTO login_attempts (subject, failures, blocked_until, at) SELECT 'a' || i, 1, 0, i FROM n`,
			)
			await beginAttempt(database, '192.0.2.1')
		},
	},
	admin_sessions: {
		most: 100,
		async fill(database) {
			const sessions = createSessions(database, { adminKey: 'admin', encryptionKey: 'key' })
			for (const lifetimeMs of [...times(5).map(() => 0), ...times(120).map(() => DAY)]) {
				await sessions.create({ lifetimeMs, userAgent: 'test' })
			}
		},
	},
	learned_facts: {
		most: 300,
		async fill(database) {
			const { id: upstreamId } = await addUpstream(database)
			await database.execute(
				`${numbers(900)} INSERT INTO learned_facts (upstream_id, model, kind, fact, learned_at, expires_at)
					SELECT ?, 'm' || i, 'k', '{}', i, i + 9e15 FROM n`,
				[upstreamId],
			)
			const fact = { kind: 'unknown-field', field: 'top_k' } as never
			await database.batch(rememberStatements({ upstreamId, model: 'm', fact }, 0))
		},
	},
	token_rates: {
		most: 500,
		async fill(database) {
			const { id: upstreamId } = await addUpstream(database)
			await database.execute(
				`${numbers(900)} INSERT INTO token_rates (upstream_id, model, factor, samples, updated_at)
					SELECT ?, 'm' || i, 1, 1, 9e15 FROM n`,
				[upstreamId],
			)
			await database.batch(storeRates([{ upstreamId, model: 'm', factor: 1, samples: 1 }]))
		},
	},
	webhooks: {
		most: 20,
		async fill(database) {
			const webhooks = createWebhooks(database, keyRing)
			for (const place of times(25)) {
				await webhooks.add({ name: `w${place}`, url: 'https://example.com/' }).catch(() => {})
			}
		},
	},
	webhook_incidents: {
		most: 1,
		async fill(database) {
			await database.execute(
				`${numbers(3000)} INSERT INTO webhook_incidents (event, subject, at, until) SELECT 'e', i, i, i FROM n`,
			)
			await createWebhooks(database, keyRing).claim('error-rate', '', 1000)
		},
	},
	revisions: {
		most: 50,
		async fill(database) {
			const repository = createConfigRepository(database, keyRing)
			for (const place of times(55)) {
				const strategy = place % 2 === 0 ? 'random' : 'round-robin'
				await repository.changeSettings({ strategy }, byCli)
			}
		},
	},
}

describe('every table is bounded', () => {
	const target = createFileTarget()

	test('and none is forgotten here', async () => {
		const database = await target.fresh()
		const tables = await database.execute(
			"SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
		)
		expect(tables.map(({ name }) => name)).toEqual(
			[...configured, ...former, ...Object.keys(growing)].toSorted(),
		)
	})

	test.each(Object.entries(growing))('%s', async (table, { most, fill }) => {
		const database = await target.fresh()
		await fill(database)
		const [row] = await database.execute(`SELECT count(*) AS rows FROM ${table}`)
		expect(Number(row?.rows)).toBeLessThanOrEqual(most)
		if (most > 0) expect(Number(row?.rows)).toBeGreaterThan(0)
	})
})

describe('pages that become free are used again', () => {
	const target = createFileTarget()

	test('a file that is filled, pruned and filled again does not grow', async () => {
		const database = await target.fresh()
		const pages = async () => {
			const [count] = await database.execute('PRAGMA page_count')
			const [free] = await database.execute('PRAGMA freelist_count')
			return { all: Number(count?.page_count), free: Number(free?.freelist_count) }
		}
		const sealed = 'x'.repeat(20_000)
		const fill = async (round: number) => {
			const requests = createRequestLog({ database, delayMs: 60_000 })
			for (const place of times(1500)) {
				requests.record(
					requestRecord(`req_${round}_${place}`, { sessionId: `${place}`, userAgent: 'x'.repeat(200) }),
				)
				if (place % 200 === 199) await requests.flush()
			}
			await requests.flush()
			for (const part of times(4)) {
				const rows = times(50).map(place => ({ requestId: `req_${round}_${part}_${place}`, sealed }))
				await database.batch([insertPayloads(rows)])
			}
		}
		const sizes: number[] = []
		for (const round of times(4)) {
			await fill(round)
			sizes.push((await pages()).all)
			await database.batch(
				['request_log', 'usage', 'payloads'].map(table => {
					const column = table === 'usage' ? 'start' : 'at'
					return { sql: `UPDATE ${table} SET ${column} = ${column} - ?`, args: [500 * DAY] }
				}),
			)
			// A new instance prunes with its first batch.
			await log(database, round)
			expect((await pages()).free).toBeGreaterThan(Number(sizes[0]) / 2)
		}
		expect(sizes[0]).toBeGreaterThan(1000)
		for (const size of sizes) expect(size).toBeLessThanOrEqual(Number(sizes[0]) * 1.1)
		await database.execute('PRAGMA wal_checkpoint(TRUNCATE)')
		const { all } = await pages()
		expect((await stat(target.file())).size).toBe(all * 4096)
	})
})
