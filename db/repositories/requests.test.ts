import { expect, test } from 'vitest'
import type { AttemptRecord, RequestRecord } from '../../core/ports.ts'
import {
	clearRequests,
	createRequestLog,
	type Database,
	findRequest,
	findRequests,
	followRequests,
	type ListOptions,
	readPosition,
} from '../index.ts'
import { requestRecord } from '../test-support/samples.ts'
import { describeTargets } from '../test-support/targets.ts'
import { whereRequests } from './request-filters.ts'

const at = Date.now() - 60_000

async function fill(database: Database, records: RequestRecord[]) {
	const log = createRequestLog({ database, delayMs: 60_000 })
	for (const record of records) {
		log.record(record)
		await log.flush()
	}
}

const attempt: AttemptRecord = {
	...{ upstreamId: 'up_1', keyId: 'key_1', keyMask: 'sk-…abcd', status: 200, outcome: 'ok' },
	...{ decision: 'answered', message: '', ms: 1 },
}

/** In the order of their writing; 2 arrived after 3. */
const records = [
	requestRecord('req_1', { at: at + 1, userAgent: 'claude-cli/2', sessionId: 'session-100%' }),
	requestRecord('req_2', {
		...{ at: at + 3, outcome: 'quota', status: 402, errorMessage: '余额不足 "now"', upstreamId: 'up_2' },
		...{ upstreamName: '月之暗面', attempts: [attempt, attempt] },
	}),
	requestRecord('req_3', { at: at + 2, outcome: 'cancelled', status: 499, keyId: 'key_2', totalMs: 5000 }),
	requestRecord('req_4', {
		...{
			at: at + 4,
			outcome: 'refused',
			status: 400,
			stream: false,
			upstreamModel: '',
			upstreamId: undefined,
		},
		...{ keyId: undefined, model: 'claude_opus', notes: [{ field: 'a', action: 'dropped', detail: 'b' }] },
	}),
]

describeTargets('the list of requests', target => {
	async function start() {
		const database = await target.fresh()
		await fill(database, records)
		const list = async (options: ListOptions) =>
			(await findRequests(database, options)).requests.map(({ id }) => id.slice(4)).join('')
		return { database, list }
	}

	test('is newest first, and narrows down by each filter', async () => {
		const { list } = await start()
		const cases: [ListOptions, string][] = [
			[{}, '4231'],
			[{ from: at + 2 }, '423'],
			[{ to: at + 3 }, '31'],
			[{ from: at + 2, to: at + 3 }, '3'],
			[{ outcome: 'ok' }, '1'],
			[{ outcome: 'failed' }, '42'],
			[{ outcome: 'refused' }, '4'],
			[{ outcome: 'cancelled' }, '3'],
			[{ class: 'quota' }, '2'],
			[{ class: 'refused' }, '4'],
			[{ upstream: 'up_2' }, '2'],
			[{ model: 'claude_opus' }, '4'],
			[{ model: 'kimi-k2' }, '231'],
			[{ key: 'key_2' }, '3'],
			[{ stream: false }, '4'],
			[{ stream: true }, '231'],
			[{ notes: true }, '4'],
			[{ notes: false }, '231'],
			[{ retried: true }, '2'],
			[{ retried: false }, '431'],
			[{ minMs: 5000 }, '3'],
			[{ text: 'CLAUDE-CLI' }, '1'],
			[{ text: '月之暗' }, '2'],
			[{ text: '不足 "now"' }, '2'],
			[{ text: 'session-100%' }, '1'],
			[{ text: '0%' }, '1'],
			[{ text: 'claude_' }, '4'],
			[{ text: 'req_3' }, '3'],
			[{ text: 'answered' }, ''],
			[{ text: 'dropped' }, ''],
			[{ text: "'; --" }, ''],
			[{ outcome: 'failed', stream: true, upstream: 'up_2', minMs: 1, text: '余额' }, '2'],
		]
		for (const [options, ids] of cases) expect([options, await list(options)]).toEqual([options, ids])
	})

	test('comes page by page, also when several arrived at once and more come meanwhile', async () => {
		const { database } = await start()
		await fill(
			database,
			[5, 6, 7].map(place => requestRecord(`req_${place}`, { at: at + 3 })),
		)
		const seen: string[] = []
		for (let before: string | undefined; ; ) {
			const page = await findRequests(database, { limit: 2, ...(before && { before }) })
			seen.push(...page.requests.map(({ id }) => id.slice(4)))
			if (page.next === undefined) break
			before = page.next
			await fill(database, [requestRecord(`req_new${before}`, { at: Date.now() })])
		}
		expect(seen.join('')).toBe('4765231')
		await expect(findRequests(database, { before: 'x' })).rejects.toThrow('before: must be')
	})

	test('is read along: what was written later comes once, though it arrived earlier', async () => {
		const { database, list } = await start()
		expect(await list({ after: 'req_2' })).toBe('43')
		expect(await list({ after: 'req_2', outcome: 'cancelled' })).toBe('3')
		expect(await list({ after: 'req_4' })).toBe('')
		expect(await list({ after: 'req_gone' })).toBe('4231')
		// More than fit: the next ones, not the newest.
		expect(await list({ after: 'req_1', limit: 2 })).toBe('32')
		expect((await findRequests(database, { after: 'req_1', limit: 2 })).next).toBeUndefined()
	})

	test('is followed from a place on, in the order of writing', async () => {
		const { database } = await start()
		const begin = await followRequests(database, 0, { outcome: 'ok' })
		expect(begin.requests.map(({ id }) => id)).toEqual(['req_1'])
		expect(begin.position).toBe(await readPosition(database))
		expect(await followRequests(database, begin.position)).toEqual({ requests: [], position: begin.position })
		await fill(database, [requestRecord('req_6', { at }), requestRecord('req_5', { at: at + 9 })])
		const { requests, position } = await followRequests(database, begin.position)
		expect(requests.map(({ id }) => id)).toEqual(['req_6', 'req_5'])
		await clearRequests(database, { usage: false })
		expect(await followRequests(database, position)).toEqual({ requests: [], position: 0 })
		await fill(database, [requestRecord('req_7')])
		expect((await followRequests(database, 0)).requests.map(({ id }) => id)).toEqual(['req_7'])
	})

	test('keeps the order of what happened when fractions of a millisecond are rounded', async () => {
		const { database } = await start()
		const first = { ...attempt, startMs: 1.5, ms: 10.9, connectMs: 4.7, firstByteMs: 10.5 }
		const second = { ...attempt, startMs: 12.4, ms: 5.1, connectMs: 0.2, firstByteMs: 5.1 }
		await fill(database, [requestRecord('req_5', { attempts: [first, second], totalMs: 17.5 })])
		const found = await findRequest(database, 'req_5')
		const ends = found!.attempts.flatMap(({ startMs = 0, connectMs = 0, firstByteMs = 0, ms }) =>
			[0, connectMs, firstByteMs, ms].map(span => startMs + span),
		)
		expect(ends).toEqual([2, 6, 12, 12, 12, 13, 18, 18])
		expect(found!.totalMs).toBe(18)
	})

	test('knows whose bodies are kept', async () => {
		const { database } = await start()
		await database.execute(`INSERT INTO payloads (request_id, at, bytes, sealed) VALUES ('req_2', 0, 1, 'x')`)
		const { requests } = await findRequests(database)
		expect(requests.filter(({ recorded }) => recorded).map(({ id }) => id)).toEqual(['req_2'])
		expect(await findRequest(database, 'req_2')).toMatchObject({ id: 'req_2', recorded: true })
		expect(await findRequest(database, 'req_9')).toBeUndefined()
	})

	test('can be cleared, with what it adds up to or without', async () => {
		const { database, list } = await start()
		await database.execute(`INSERT INTO payloads (request_id, at, bytes, sealed) VALUES ('req_2', 0, 1, 'x')`)
		const usage = async () =>
			(await database.execute('SELECT coalesce(sum(requests), 0) AS sum FROM usage WHERE grain = 1'))[0]?.sum
		expect(await clearRequests(database, { usage: false })).toBe(4)
		expect([await list({}), await usage()]).toEqual(['', 4])
		expect(await database.execute('SELECT 1 FROM payloads')).toEqual([])
		expect(await clearRequests(database, { usage: true })).toBe(0)
		expect(await usage()).toBe(0)
	})

	test('goes along an index, and never sorts all rows', async () => {
		const { database } = await start()
		const plan = async (options: ListOptions) => {
			const { where, args } = whereRequests(options)
			const condition = where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`
			const rows = await database.execute(
				`EXPLAIN QUERY PLAN SELECT * FROM request_log ${condition} ORDER BY at DESC, seq DESC LIMIT 50`,
				args,
			)
			return rows.map(({ detail }) => String(detail)).join('; ')
		}
		const filters: ListOptions[] = [
			...[{}, { from: 1 }, { from: 1, to: 2, outcome: 'failed' as const }, { text: 'x' }, { minMs: 1 }],
			...[{ key: 'k' }, { upstream: 'u', stream: true }, { model: 'm', notes: true, retried: true }],
		]
		for (const options of filters) {
			const text = await plan(options)
			expect(text).toMatch(options.key ? /request_log_key \(key_id=/ : /request_log_at/)
			expect(text).not.toMatch(/TEMP B-TREE/)
		}
	})
})
