import { stat } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import type { RequestRecord } from '../../core/ports.ts'
import { createConfigRepository, createRequestLog, type Database, listRequests } from '../index.ts'
import { byCli, keyRing, requestRecord } from '../test-support/samples.ts'
import { createFileTarget, createServerTarget, describeTargets } from '../test-support/targets.ts'

const DAY = 86_400_000

async function totals(database: Database) {
	const rows = await database.execute(
		`SELECT (SELECT count(*) FROM request_log) AS rows, sum(requests) AS requests, sum(failed) AS failed,
			sum(cancelled) AS cancelled, sum(input_tokens) AS input FROM usage WHERE grain = 1440`,
	)
	return rows[0]
}

/** Whatever a record can hold. */
const full = (id: string): RequestRecord =>
	requestRecord(id, {
		usage: {
			...{ input_tokens: 10, output_tokens: 5, cache_read_input_tokens: 3 },
			...{ cache_creation_input_tokens: 2, output_tokens_details: { thinking_tokens: 4 } },
			server_tool_use: { web_search_requests: 1 },
		},
		notes: [{ field: 'top_k', action: 'dropped', detail: "the upstream doesn't take it" }],
		attempts: [
			{
				...{ upstreamId: 'up_1', keyId: 'key_0', keyMask: 'sk-…zzzz', status: 429 },
				...{ outcome: 'rate_limit', decision: 'next key', message: 'slow "down"', ms: 12 },
				...{ startMs: 3, connectMs: 7, firstByteMs: 11, url: 'https://api.example.com/v1/chat/completions' },
			},
			{
				...{ upstreamId: 'up_1', keyId: 'key_1', keyMask: 'sk-…abcd', status: 200, outcome: 'ok' },
				...{ decision: 'answered', message: '', ms: 880, startMs: 16, firstByteMs: 90 },
			},
		],
		...{ answeredModel: 'kimi-k2-0905', toolCalls: 2, queueMs: 40, bytesIn: 1234, bytesOut: 5678 },
		...{ source: 'playground', accessKeyId: 'access_1', sessionId: 'session 月' },
	})

describeTargets('the request log', target => {
	test('a record comes back as it was', async () => {
		const database = await target.fresh()
		const log = createRequestLog({ database })
		const record = full('req_1')
		const broken = requestRecord('req_2', {
			...{
				at: record.at + 1,
				status: 200,
				outcome: 'timeout',
				errorMessage: 'silent',
				stopReason: undefined,
			},
			answeredModel: 'kimi-k2',
			attempts: [
				{
					...{ upstreamId: 'up_1', keyId: 'key_1', keyMask: 'sk-…abcd', status: 504, outcome: 'timeout' },
					...{ decision: 'gave up', message: 'silent', ms: 5 },
				},
			],
		})
		const refused = requestRecord('req_3', {
			...{ at: record.at + 2, upstreamId: undefined, upstreamName: undefined, keyId: undefined },
			...{ keyMask: undefined, usage: undefined, stopReason: undefined, firstContentMs: undefined },
			...{ status: 400, outcome: 'refused', stream: false, errorMessage: 'messages: must not be empty' },
		})
		for (const one of [record, broken, refused]) log.record(one)
		await log.flush()
		const unsaid = { source: 'client', toolCalls: 0, queueMs: 0, bytesIn: 0, bytesOut: 0 } as const
		expect(await listRequests(database)).toEqual([
			{ ...refused, ...unsaid },
			{ ...broken, ...unsaid },
			record,
		])
		expect((await listRequests(database, { limit: 1 })).map(({ id }) => id)).toEqual(['req_3'])
		expect(log.stats()).toEqual({ pending: 0, written: 3, dropped: 0, error: undefined })
	})

	test('whatever the number of rows, each is written', async () => {
		const database = await target.fresh()
		const log = createRequestLog({ database, delayMs: 60_000 })
		let count = 0
		for (const rows of [1, 49, 50, 51, 173]) {
			for (let place = 0; place < rows; place++) log.record(requestRecord(`req_${count++}`))
			await log.flush()
			expect(await totals(database)).toMatchObject({ rows: count, requests: count })
		}
	})

	test('usage adds up by time, upstream, key and model', async () => {
		const database = await target.fresh()
		const day = Math.floor(Date.now() / DAY) * DAY
		const log = createRequestLog({ database })
		log.record(requestRecord('req_1', { at: day + 1 }))
		log.record(requestRecord('req_2', { at: day + 2, status: 500, outcome: 'server', usage: undefined }))
		await log.flush()
		log.record(requestRecord('req_3', { at: day + 3, status: 499, outcome: 'cancelled' }))
		log.record(requestRecord('req_4', { at: day + 3_600_000 }))
		log.record(requestRecord('req_5', { at: day, upstreamModel: 'other' }))
		log.record(requestRecord('req_6', { at: day, status: 200, outcome: 'network' }))
		await log.flush()
		const rows = await database.execute(
			`SELECT grain, start - ? AS start, upstream_model, requests, failed, cancelled, input_tokens, errors
				FROM usage WHERE grain >= 60 ORDER BY grain, start, upstream_model`,
			[day],
		)
		const one = { requests: 1, failed: 0, cancelled: 0, input_tokens: 10, errors: '' }
		const busy = { requests: 4, failed: 2, cancelled: 1, errors: '"server":1,"network":1,' }
		expect(rows).toEqual([
			{ grain: 60, start: 0, upstream_model: 'kimi-k2', ...busy, input_tokens: 30 },
			{ grain: 60, start: 0, upstream_model: 'other', ...one },
			{ grain: 60, start: 3_600_000, upstream_model: 'kimi-k2', ...one },
			{ grain: 1440, start: 0, upstream_model: 'kimi-k2', ...busy, requests: 5, input_tokens: 40 },
			{ grain: 1440, start: 0, upstream_model: 'other', ...one },
		])
	})

	test('a full batch is written without being asked', async () => {
		const database = await target.fresh()
		const work: Promise<unknown>[] = []
		const log = createRequestLog({ database, delayMs: 60_000, defer: done => work.push(done) })
		for (let count = 0; count < 200; count++) log.record(requestRecord(`req_${count}`))
		expect(work).toHaveLength(1)
		await work[0]
		expect(await totals(database)).toMatchObject({ rows: 200 })
		await log.flush()
		expect(await totals(database)).toMatchObject({ rows: 200, requests: 200 })
		expect(log.stats()).toMatchObject({ pending: 0, written: 200, dropped: 0 })
	})

	test('the usage of full batches is put together and loses nothing', async () => {
		const database = await target.fresh()
		const work: Promise<unknown>[] = []
		const log = createRequestLog({ database, delayMs: 60_000, defer: done => work.push(done) })
		const record = (count: number) =>
			requestRecord(`req_${count}`, {
				...{ at: Date.now(), totalMs: 10 + (count % 3), firstContentMs: 5, keyId: `key_${count % 2}` },
				...(count % 100 === 0 && { status: 500, outcome: 'server' as const }),
			})
		for (let count = 0; count < 1000; count++) {
			log.record(record(count))
			if (count % 200 === 199) await work.at(-1)
		}
		// The fifth full batch has the usage of all five written without being asked.
		await Promise.all(work)
		expect(log.stats()).toMatchObject({ pending: 0, written: 1000 })
		for (let count = 1000; count < 1230; count++) log.record(record(count))
		await log.flush()
		expect(await totals(database)).toMatchObject({ rows: 1230, requests: 1230, failed: 13, input: 12_300 })
		expect(log.stats()).toMatchObject({ pending: 0, written: 1230, dropped: 0, error: undefined })
		const sketch = await database.execute(
			`SELECT sum(value) AS requests FROM usage, json_each('{' || rtrim(total, ',') || '}') WHERE grain = 1440`,
		)
		expect(sketch).toEqual([{ requests: 1217 }])
	})

	test('several logs at once lose and double nothing', async () => {
		const database = await target.fresh()
		const logs = await Promise.all(
			Array.from({ length: 4 }, async () => createRequestLog({ database: await target.open() })),
		)
		for (const [index, log] of logs.entries()) {
			for (let count = 0; count < 50; count++) log.record(requestRecord(`req_${index}_${count}`))
		}
		await Promise.all(logs.map(log => log.flush()))
		expect(await totals(database)).toMatchObject({ rows: 200, requests: 200, input: 2000 })
	})

	describe('what is too old', () => {
		async function start() {
			const database = await target.fresh()
			return { database, repository: createConfigRepository(database, keyRing) }
		}

		/** A log of its own prunes with its first batch. */
		async function write(database: Database, records: RequestRecord[]) {
			const log = createRequestLog({ database })
			for (const record of records) log.record(record)
			await log.flush()
		}

		test('goes when new comes, after the days that the settings say; what it adds up to stays', async () => {
			const { database, repository } = await start()
			const ids = async () => (await listRequests(database)).map(row => row.id)
			const old = requestRecord('req_old', { at: Date.now() - 8 * DAY })
			const older = requestRecord('req_older', { at: Date.now() - 31 * DAY })
			await write(database, [old, older, requestRecord('req_new')])
			expect(await ids()).toEqual(['req_new', 'req_old'])
			await repository.changeSettings({ retention: { requestDays: 7, usageDays: 20 } }, byCli)
			await write(database, [requestRecord('req_next')])
			expect((await ids()).toSorted()).toEqual(['req_new', 'req_next'])
			const grains = await database.execute(
				'SELECT grain, sum(requests) AS requests FROM usage GROUP BY grain ORDER BY grain',
			)
			// The one of a month ago is over in days too, the one of last week in all but hours and days.
			expect(grains).toEqual([
				{ grain: 1, requests: 2 },
				{ grain: 15, requests: 2 },
				{ grain: 60, requests: 3 },
				{ grain: 1440, requests: 3 },
			])
		})
	})
})

describe('the file', () => {
	const target = createFileTarget()

	test('stops growing when as much goes as comes', async () => {
		const database = await target.fresh()
		const log = createRequestLog({ database, delayMs: 60_000 })
		const perDay = 400
		const sizes: number[] = []
		for (let day = 0; day < 60; day++) {
			// A day passes.
			await database.execute('UPDATE request_log SET at = at - ?', [DAY])
			await database.execute('UPDATE usage SET start = start - ?', [DAY])
			for (let place = 0; place < perDay; place++) {
				log.record(requestRecord(`req_${day}_${place}`, { at: Date.now() - place * 1000 }))
			}
			await log.flush()
			await database.execute('PRAGMA wal_checkpoint(TRUNCATE)')
			sizes.push((await stat(target.file())).size)
		}
		const [counted] = await database.execute('SELECT count(*) AS rows FROM request_log')
		// Thirty days, and what came since the batch that pruned last.
		expect(Number(counted?.rows)).toBeLessThanOrEqual(35 * perDay)
		expect(sizes[59]).toBeLessThanOrEqual(Number(sizes[40]) * 1.02)
	})
})

const target = createServerTarget()

test('rows whose write was answered by nothing are written exactly once', async () => {
	const database = await target.fresh()
	const log = createRequestLog({ database, delayMs: 0 })
	await target.control({ fault: 'dropAfter', faultScope: 'batches' })
	for (let count = 0; count < 20; count++) log.record(requestRecord(`req_${count}`))
	const flushed = log.flush()
	await expect.poll(async () => (await totals(database))?.rows).toBe(20)
	await target.control({})
	await flushed
	await log.flush()
	expect(log.stats()).toMatchObject({ pending: 0, written: 20, dropped: 0 })
	expect(await totals(database)).toMatchObject({ rows: 20, requests: 20, input: 200 })
})

test('an outage is bridged by a bounded queue that drops the oldest and counts them', async () => {
	const database = await target.fresh()
	const log = createRequestLog({ database })
	await target.control({ fault: '500' })
	for (let count = 0; count < 1300; count++) log.record(requestRecord(`req_${count}`))
	await log.flush()
	expect(log.stats()).toMatchObject({
		pending: 1000,
		dropped: 300,
		error: expect.stringContaining('HTTP 500'),
	})
	await target.control({})
	await log.flush()
	expect(log.stats()).toMatchObject({ pending: 0, written: 1000, dropped: 300, error: undefined })
	expect(await totals(database)).toMatchObject({ rows: 1000, requests: 1000 })
})
