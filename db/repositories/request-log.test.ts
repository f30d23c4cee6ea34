import { expect, test } from 'vitest'
import { createRequestLog, type Database, listRequests } from '../index.ts'
import { requestRecord } from '../test-support/samples.ts'
import { createServerTarget, describeTargets } from '../test-support/targets.ts'

const DAY = 86_400_000

async function totals(database: Database) {
	const rows = await database.execute(
		`SELECT (SELECT count(*) FROM requests) AS rows, sum(requests) AS requests, sum(errors) AS errors,
			sum(cancelled) AS cancelled, sum(input_tokens) AS input FROM usage_hourly`,
	)
	return rows[0]
}

describeTargets('the request log', target => {
	test('a record comes back as it was', async () => {
		const database = await target.fresh()
		const log = createRequestLog({ database })
		const record = requestRecord('req_1', {
			usage: {
				...{ input_tokens: 10, output_tokens: 5, cache_read_input_tokens: 3 },
				...{ cache_creation_input_tokens: 2, output_tokens_details: { thinking_tokens: 4 } },
				server_tool_use: { web_search_requests: 1 },
			},
			notes: [{ field: 'top_k', action: 'dropped', detail: "the upstream doesn't take it" }],
			attempts: [
				{
					...{ upstreamId: 'up_1', keyId: 'key_1', keyMask: 'sk-…abcd', status: 429 },
					...{ outcome: 'rate_limit', decision: 'next key', message: 'slow "down"', ms: 12 },
				},
			],
		})
		const refused = requestRecord('req_2', {
			...{ at: record.at + 1, upstreamId: undefined, upstreamName: undefined, keyId: undefined },
			...{ keyMask: undefined, usage: undefined, stopReason: undefined, firstContentMs: undefined },
			...{ status: 400, outcome: 'refused', stream: false, errorMessage: 'messages: must not be empty' },
		})
		log.record(record)
		log.record(refused)
		await log.flush()
		expect(await listRequests(database)).toEqual([refused, record])
		expect(await listRequests(database, { limit: 1 })).toEqual([refused])
		expect(log.stats()).toEqual({ pending: 0, written: 2, dropped: 0, error: undefined })
	})

	test('usage adds up by hour, upstream, key and model', async () => {
		const database = await target.fresh()
		const hour = Math.floor(Date.now() / 3_600_000)
		const at = hour * 3_600_000
		const log = createRequestLog({ database })
		log.record(requestRecord('req_1', { at }))
		log.record(requestRecord('req_2', { at: at + 1, status: 500, outcome: 'server', usage: undefined }))
		await log.flush()
		log.record(requestRecord('req_3', { at: at + 2, status: 499, outcome: 'cancelled' }))
		log.record(requestRecord('req_4', { at: at - 1 }))
		log.record(requestRecord('req_5', { at, model: 'other' }))
		await log.flush()
		const rows = await database.execute(
			`SELECT hour - ? AS hour, model, requests, errors, cancelled, input_tokens, total_ms
				FROM usage_hourly ORDER BY hour, model`,
			[hour],
		)
		const shared = { errors: 0, cancelled: 0, input_tokens: 10, total_ms: 900 }
		expect(rows).toEqual([
			{ ...shared, hour: -1, model: 'claude-sonnet', requests: 1 },
			{
				hour: 0,
				model: 'claude-sonnet',
				requests: 3,
				errors: 1,
				cancelled: 1,
				input_tokens: 20,
				total_ms: 2700,
			},
			{ ...shared, hour: 0, model: 'other', requests: 1 },
		])
	})

	test('old rows go when new ones come, their usage stays', async () => {
		const database = await target.fresh()
		const log = createRequestLog({ database, keepDays: 7 })
		log.record(requestRecord('req_old', { at: Date.now() - 8 * DAY }))
		log.record(requestRecord('req_new', { at: Date.now() - 6 * DAY }))
		await log.flush()
		expect((await listRequests(database)).map(row => row.id)).toEqual(['req_new'])
		expect(await totals(database)).toMatchObject({ rows: 1, requests: 2 })
	})

	test('a full batch is written without being asked', async () => {
		const database = await target.fresh()
		const work: Promise<unknown>[] = []
		const log = createRequestLog({ database, delayMs: 60_000, defer: done => work.push(done) })
		for (let count = 0; count < 200; count++) log.record(requestRecord(`req_${count}`))
		expect(work).toHaveLength(1)
		await work[0]
		expect(await totals(database)).toMatchObject({ rows: 200, requests: 200 })
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
